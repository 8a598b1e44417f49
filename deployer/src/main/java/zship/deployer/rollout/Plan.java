package zship.deployer.rollout;

import java.util.List;
import java.util.Optional;

/**
 * What applying an app would do.
 *
 * @param app the app's name
 * @param operation what would be done
 * @param cause why, in words, without secrets
 * @param current the container that serves now
 * @param leftovers containers of interrupted runs that would be removed
 */
public record Plan(String app, Operation operation, String cause, Optional<Integer> current,
        List<Integer> leftovers) {

    /** What can be done. */
    public enum Operation {
        /** Nothing: it is up to date. */
        KEEP,
        /** A first container. */
        CREATE,
        /** A new container in place of the current one. */
        REPLACE,
        /** Going on with the new container of an interrupted run. */
        RESUME
    }

    /** Copies the list. */
    public Plan {
        leftovers = List.copyOf(leftovers);
    }

    /** Whether anything would change. */
    public boolean changes() {
        return operation != Operation.KEEP || !leftovers.isEmpty();
    }
}
