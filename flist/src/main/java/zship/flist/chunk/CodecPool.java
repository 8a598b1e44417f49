package zship.flist.chunk;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** As many codecs as there are processors: more threads at work than those would only take turns. */
public final class CodecPool implements AutoCloseable {
    private final VectorTrial vectors = new VectorTrial();
    private final BlockingQueue<ChunkCodec> idle;

    /** What a thread does with a codec. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Does it. */
        T with(ChunkCodec codec) throws E;
    }

    /** Codecs for so many bytes of contents, as far as that is known: vectors pay for many only. */
    public CodecPool(long bytes) {
        int processors = Runtime.getRuntime().availableProcessors();
        this.idle = new ArrayBlockingQueue<>(processors);
        for (int i = 0; i < processors; i++) {
            idle.add(new ChunkCodec(vectors));
        }
        vectors.begin(bytes);
    }

    /** Whether many chunks at once are worked on faster than one by one. */
    public boolean prefersMany() {
        return vectors.isWon();
    }

    /** Does {@code work} as soon as a codec is idle. */
    public <T, E extends Exception> T use(Work<T, E> work) throws E {
        ChunkCodec codec = takeUninterruptibly();
        try {
            return work.with(codec);
        } finally {
            idle.add(codec);
        }
    }

    /** Ends the search for the fastest way. */
    @Override
    public void close() {
        vectors.close();
    }

    private ChunkCodec takeUninterruptibly() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return idle.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
