package zship.builder;

/** Listener for what happens during a build; the build calls it from the thread that runs it. */
@FunctionalInterface
public interface BuildEvents {

    /** Called once for each event, in order. */
    void on(BuildEvent event);

    /** Returns a listener that ignores everything. */
    static BuildEvents none() {
        return event -> {
        };
    }
}
