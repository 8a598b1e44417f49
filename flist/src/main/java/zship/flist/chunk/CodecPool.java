package zship.flist.chunk;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** As many codecs as there are processors: more threads at work than those would only take turns. */
public final class CodecPool implements AutoCloseable {
    private final VectorTrial vectors = new VectorTrial();
    private final BlockingQueue<ChunkCodec> idle;

    /** A thread's time with a codec, to be closed soon. */
    public final class Turn implements AutoCloseable {
        private final ChunkCodec codec;

        private Turn(ChunkCodec codec) {
            this.codec = codec;
        }

        /** The codec, which nobody else has at this time. */
        public ChunkCodec codec() {
            return codec;
        }

        /** Lets the next one have it. */
        @Override
        public void close() {
            idle.add(codec);
        }
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

    /** Waits until a codec is idle. */
    public Turn take() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return new Turn(idle.take());
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

    /** Ends the search for the fastest way. */
    @Override
    public void close() {
        vectors.close();
    }
}
