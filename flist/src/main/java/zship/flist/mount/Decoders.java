package zship.flist.mount;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkCodec.Outcome;
import zship.flist.chunk.ChunkCodec.Stored;

/**
 * Threads that decode, one for each processor. Chunks that have come in the meantime are decoded in pairs, which takes less
 * time than one after the other.
 */
final class Decoders implements AutoCloseable {
    private static final int TOGETHER = 2;

    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private record Waiting(Stored chunk, CompletableFuture<Outcome> outcome) {
    }

    Decoders() {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("decode-" + i).start(this::serve));
        }
    }

    /** What the chunk turns out to be, once a thread had time for it; plain content is in an array of its own. */
    Outcome decode(Stored chunk) {
        Waiting own = new Waiting(chunk, new CompletableFuture<>());
        waiting.add(own);
        if (closed.get()) {
            own.outcome.cancel(false);
        }
        try {
            return own.outcome.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof OutOfMemoryError full) {
                throw full;
            }
            throw e;
        }
    }

    private void serve() {
        ChunkCodec codec = new ChunkCodec();
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch, TOGETHER - 1);
                decode(codec, batch);
                batch.clear();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private static void decode(ChunkCodec codec, List<Waiting> batch) {
        try {
            List<Outcome> outcomes = codec.decode(batch.stream().map(Waiting::chunk).toList());
            for (int i = 0; i < outcomes.size(); i++) {
                batch.get(i).outcome.complete(outcomes.get(i).kept());
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            batch.forEach(one -> one.outcome.completeExceptionally(e));
        }
    }

    /** Ends the threads; whoever waits is told that nothing more will come. */
    @Override
    public void close() {
        closed.set(true);
        threads.forEach(Thread::interrupt);
        for (Waiting left = waiting.poll(); left != null; left = waiting.poll()) {
            left.outcome.cancel(false);
        }
    }
}
