package zship.deployer.rollout;

import java.util.List;

/**
 * What removing an app did.
 *
 * @param app the app's name
 * @param containerIds the containers that were ended; empty when there were none
 */
public record Removal(String app, List<Integer> containerIds) {

    /** Copies the list. */
    public Removal {
        containerIds = List.copyOf(containerIds);
    }
}
