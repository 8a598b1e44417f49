package zship.flist.pack;

import java.time.Duration;

/**
 * How many chunks to send at once, and from how many threads, as learnt from how long the store takes.
 *
 * <p>A store that takes its time for each command, however many are sent together, is met with short batches over many
 * connections; one that is merely far away, or fast, with long batches over few.
 */
final class Pace {
    private static final int FEWEST_SENDERS = 4;
    private static final int MOST_SENDERS = 96;
    private static final int FIRST_BATCH = 4;
    private static final int MOST_CHUNKS = 512;
    private static final long QUICK = Duration.ofMillis(50).toNanos();
    private static final long SLOW = Duration.ofMillis(200).toNanos();
    /** A slow batch with more bytes than this tells about the bandwidth, which more connections do not widen. */
    private static final int FEW_BYTES = 256 << 10;

    private int batch = FIRST_BATCH;
    private int senders = FEWEST_SENDERS;

    /** The most chunks in a batch. */
    synchronized int batch() {
        return batch;
    }

    /** How many threads are to send. */
    synchronized int senders() {
        return senders;
    }

    /** Learns from a batch that is done. */
    synchronized void took(long nanoseconds, int chunks, int bytes) {
        if (nanoseconds < QUICK && chunks >= batch / 2) {
            batch = Math.min(MOST_CHUNKS, batch * 2);
        } else if (nanoseconds > SLOW) {
            batch = Math.max(1, batch / 2);
        }
        if (nanoseconds > QUICK && bytes < FEW_BYTES) {
            senders = Math.min(MOST_SENDERS, senders * 2);
        }
    }
}
