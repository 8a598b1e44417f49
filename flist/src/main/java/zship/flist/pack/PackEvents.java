package zship.flist.pack;

/** Told what happens while packing. Called by one thread at a time, though not always the same. */
@FunctionalInterface
public interface PackEvents {
    /** Something happened. */
    void on(PackEvent event);

    /** Listens to nothing. */
    static PackEvents none() {
        return event -> {
        };
    }
}
