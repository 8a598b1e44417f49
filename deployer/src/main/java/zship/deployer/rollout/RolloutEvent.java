package zship.deployer.rollout;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import zship.deployer.health.ProbeResult;

/** Something that happened during a rollout. No event holds a secret. */
public sealed interface RolloutEvent {

    /** The app it is about. */
    String app();

    /**
     * What will be done was decided.
     *
     * @param operation what
     * @param cause why
     */
    record Planned(String app, Plan.Operation operation, String cause) implements RolloutEvent {
    }

    /**
     * Everything needed is there.
     *
     * @param checked what was looked at
     */
    record PreflightPassed(String app, List<String> checked) implements RolloutEvent {

        /** Copies the list. */
        public PreflightPassed {
            checked = List.copyOf(checked);
        }
    }

    /**
     * A container was created, or one of an earlier run was taken over.
     *
     * @param containerId its number
     * @param adopted whether it is of an earlier run
     * @param took how long it took
     */
    record ContainerCreated(String app, int containerId, boolean adopted, Duration took) implements RolloutEvent {
    }

    /**
     * A probe saw something new.
     *
     * @param containerId the container
     * @param probe what
     */
    record Probed(String app, int containerId, ProbeResult probe) implements RolloutEvent {
    }

    /**
     * A container is healthy.
     *
     * @param containerId its number
     * @param took how long it took since its creation
     */
    record Healthy(String app, int containerId, Duration took) implements RolloutEvent {
    }

    /**
     * A container did not become healthy and is removed.
     *
     * @param containerId its number
     * @param why what does not hold
     * @param stillServing the old container, which goes on serving; empty when there is none
     */
    record RolledBack(String app, int containerId, String why, Optional<Integer> stillServing)
            implements
                RolloutEvent {
    }

    /**
     * The public ports lead into the new container.
     *
     * @param from the old container
     * @param to the new container
     * @param ports the node's ports
     */
    record PortsMoved(String app, int from, int to, List<Integer> ports) implements RolloutEvent {

        /** Copies the list. */
        public PortsMoved {
            ports = List.copyOf(ports);
        }
    }

    /**
     * A container was removed.
     *
     * @param containerId its number
     * @param cause why
     */
    record ContainerRemoved(String app, int containerId, String cause) implements RolloutEvent {
    }

    /**
     * It serves.
     *
     * @param containerId its container
     * @param changed false when it was up to date already
     * @param url where
     * @param took how long all took
     */
    record Finished(String app, int containerId, boolean changed, Optional<URI> url, Duration took)
            implements
                RolloutEvent {
    }
}
