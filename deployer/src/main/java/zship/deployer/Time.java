package zship.deployer;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What this module needs of time, as a parameter: reading it and letting it pass. */
public interface Time {

    /** The time of day. */
    Instant now();

    /** A clock that only runs forward, in nanoseconds from an arbitrary start. */
    long nanos();

    /**
     * Waits.
     *
     * @param duration how long
     * @throws InterruptedWaitException when the thread is interrupted
     */
    void sleep(Duration duration);

    /** The machine's own time. */
    static Time system() {
        return new Time() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(Duration duration) {
                try {
                    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedWaitException("wait", e);
                }
            }
        };
    }
}
