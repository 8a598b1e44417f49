package zship.deployer.rollout;

/** Takes the events of a rollout as they happen. */
@FunctionalInterface
public interface RolloutEvents {

    /** One event happened. */
    void on(RolloutEvent event);

    /** Takes events and does nothing. */
    static RolloutEvents none() {
        return event -> {
        };
    }
}
