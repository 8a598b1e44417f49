package zship.deployer.rollout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How deployments are made.
 *
 * @param stateDirectory where deployments are remembered; files in it have mode 0600
 * @param createTimeout how long a node may take to create a container; it fetches the flist meanwhile
 * @param terminateTimeout how long a node may take to end one
 * @param drain how long the old container lives on after the public port moved, for connections that are open
 * @param spare the node's ports among which one is chosen for a new container until the public port moves
 * @param random chooses among them, and names probes
 */
public record RolloutSettings(Path stateDirectory, Duration createTimeout, Duration terminateTimeout, Duration drain,
        PortRange spare, RandomGenerator random) {

    /**
     * A range of ports.
     *
     * @param first the first one
     * @param last the last one
     */
    public record PortRange(int first, int last) {

        /** Whether a port is in it. */
        public boolean contains(int port) {
            return port >= first && port <= last;
        }
    }

    /** Usual settings: 2 minutes to create, 30 s to end, no drain, spare ports 20000 to 29999. */
    public static RolloutSettings of(Path stateDirectory) {
        return new RolloutSettings(stateDirectory, Duration.ofMinutes(2), Duration.ofSeconds(30), Duration.ZERO,
                new PortRange(20000, 29999), new java.security.SecureRandom());
    }

    /** The same with another limit for creating. */
    public RolloutSettings withCreateTimeout(Duration value) {
        return new RolloutSettings(stateDirectory, value, terminateTimeout, drain, spare, random);
    }

    /** The same with another limit for ending. */
    public RolloutSettings withTerminateTimeout(Duration value) {
        return new RolloutSettings(stateDirectory, createTimeout, value, drain, spare, random);
    }

    /** The same with another drain time. */
    public RolloutSettings withDrain(Duration value) {
        return new RolloutSettings(stateDirectory, createTimeout, terminateTimeout, value, spare, random);
    }

    /** The same with other spare ports. */
    public RolloutSettings withSpare(PortRange value) {
        return new RolloutSettings(stateDirectory, createTimeout, terminateTimeout, drain, value, random);
    }

    /** The same with another source of randomness. */
    public RolloutSettings withRandom(RandomGenerator value) {
        return new RolloutSettings(stateDirectory, createTimeout, terminateTimeout, drain, spare, value);
    }
}
