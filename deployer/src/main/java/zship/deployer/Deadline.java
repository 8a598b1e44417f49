package zship.deployer;

import java.time.Duration;

/** A moment after which waiting ends. */
public final class Deadline {

    private final Time time;
    private final Duration length;
    private final long start;

    private Deadline(Time time, Duration length) {
        this.time = time;
        this.length = length;
        this.start = time.nanos();
    }

    /**
     * A deadline that begins now.
     *
     * @param time the clock it is read from
     * @param length how long it lasts
     */
    public static Deadline after(Time time, Duration length) {
        return new Deadline(time, length);
    }

    /** The whole length it was given. */
    public Duration length() {
        return length;
    }

    /** The time since it began. */
    public Duration elapsed() {
        return Duration.ofNanos(time.nanos() - start);
    }

    /** The time left, zero when it has passed. */
    public Duration remaining() {
        Duration left = length.minus(elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether it has passed. */
    public boolean passed() {
        return remaining().isZero();
    }
}
