package zship.flist.store;

import java.time.Duration;

/**
 * How long to wait for a store. None of it bounds a whole transfer.
 *
 * @param connect for a connection
 * @param answer for each answer
 */
public record StorePatience(Duration connect, Duration answer) {
    /** Where nobody says otherwise. */
    public static final StorePatience USUAL = new StorePatience(Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** The same time for a connection and for each answer. */
    public static StorePatience of(Duration time) {
        return new StorePatience(time, time);
    }

    /** A time as messages say it. */
    static String text(Duration time) {
        boolean whole = time.toMillis() % 1000 == 0;
        return whole ? time.toSeconds() + (time.toSeconds() == 1 ? " second" : " seconds") : time.toMillis() + " ms";
    }
}
