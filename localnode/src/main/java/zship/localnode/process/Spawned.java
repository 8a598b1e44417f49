package zship.localnode.process;

/** A process that was started. */
public interface Spawned {

    /** Its id on this machine. */
    long pid();

    /** Its id as its own namespace sees it. */
    long visiblePid();

    /** Waits for its end. */
    Exit await() throws InterruptedException;

    /** Sends a signal; {@code group} includes what it has started in its process group. */
    void signal(int signal, boolean group);
}
