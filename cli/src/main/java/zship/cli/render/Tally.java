package zship.cli.render;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Counts bytes that several threads have done, and tells how many, not more often than people can read. */
public final class Tally implements LongConsumer, AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Output output;
    private final String event;
    private final long all;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime());

    /**
     * Begins at nothing.
     *
     * @param event what is done to the bytes, for programs and people: {@code unpacked}
     * @param all bytes that there are to do, 0 when that is not known
     */
    public Tally(Output output, String event, long all) {
        this.output = output;
        this.event = event;
        this.all = all;
    }

    @Override
    public synchronized void accept(long bytes) {
        long sum = done.addAndGet(bytes);
        long now = System.nanoTime();
        if (now - toldAt.get() > PAUSE.toNanos()) {
            toldAt.set(now);
            output.passing(event + " " + Sizes.bytes(sum) + (all > 0 ? " of " + Sizes.bytes(all) : ""));
            tell();
        }
    }

    /** Tells programs the rest, so that the parts add up; people have the line for something else. */
    @Override
    public synchronized void close() {
        output.wipe();
        if (done.get() > told.get()) {
            tell();
        }
    }

    private void tell() {
        output.event(event, Map.of("bytes", done.get() - told.getAndSet(done.get())));
    }
}
