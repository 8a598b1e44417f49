package zship.localnode.process;

/** Starts programs in one place: on the node itself, or in a container. */
public interface Spawner {

    /**
     * Starts a program.
     *
     * @throws SpawnException when it cannot be started
     */
    Spawned spawn(Launch launch) throws SpawnException, InterruptedException;
}
