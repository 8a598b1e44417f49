package zship.flist.hub;

/** Told how far a transfer is. */
@FunctionalInterface
public interface HubProgress {
    /** Bytes that were moved, of all; zero when the size of all is not known. */
    void moved(long bytes, long total);

    /** Tells nobody. */
    static HubProgress none() {
        return (bytes, total) -> {
        };
    }
}
