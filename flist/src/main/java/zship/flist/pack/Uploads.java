package zship.flist.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import zship.flist.chunk.Chunk;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreException;

/**
 * Sends chunks to a store in batches from several threads: first asks which ones of a batch are missing, then sends those. A
 * batch is what has gathered while the one before was under way, within what the {@link Pace} allows.
 */
final class Uploads implements AutoCloseable {
    private static final int BATCH_BYTES = 4 << 20;
    private static final int WAITING_KIB = 32 << 10;

    private final ChunkStore store;
    private final PackEvents events;
    private final boolean overwrite;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(WAITING_KIB);
    private final Failure failure = new Failure();
    private final Pace pace = new Pace();
    private final List<Thread> senders = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicInteger sentChunks = new AtomicInteger();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicInteger reusedChunks = new AtomicInteger();

    private sealed interface Waiting {
    }

    private record Job(Chunk chunk) implements Waiting {
        int kib() {
            return chunk.stored().length / 1024 + 1;
        }
    }

    private record End() implements Waiting {
    }

    Uploads(ChunkStore store, PackEvents events, boolean overwrite) {
        this.store = store;
        this.events = events;
        this.overwrite = overwrite;
        addSenders();
    }

    /**
     * Sends a chunk soon. Waits while too many are waiting.
     *
     * @throws RuntimeException the first failure of an earlier chunk
     */
    void add(Chunk chunk) {
        failure.rethrow();
        Job job = new Job(chunk);
        room.acquireUninterruptibly(job.kib());
        queue.add(job);
    }

    /**
     * Waits until the store has everything.
     *
     * @throws RuntimeException the first failure
     */
    void finish() {
        close();
        failure.rethrow();
    }

    int sentChunks() {
        return sentChunks.get();
    }

    long sentBytes() {
        return sentBytes.get();
    }

    int reusedChunks() {
        return reusedChunks.get();
    }

    @Override
    public void close() {
        synchronized (senders) {
            if (!ending.getAndSet(true)) {
                senders.forEach(sender -> queue.add(new End()));
            }
        }
        boolean interrupted = false;
        int joined = 0;
        for (Optional<Thread> next = sender(0); next.isPresent(); next = sender(joined)) {
            try {
                next.get().join();
                joined++;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** As many threads as the pace calls for; one that comes late gets its own end. */
    private void addSenders() {
        synchronized (senders) {
            while (senders.size() < pace.senders()) {
                String name = "send-" + senders.size();
                senders.add(Thread.ofPlatform().daemon().name(name).start(this::sendAll));
                if (ending.get()) {
                    queue.add(new End());
                }
            }
        }
    }

    /** Senders are only added by senders, so those that come after the last one that was joined are all that is left. */
    private Optional<Thread> sender(int index) {
        synchronized (senders) {
            return index < senders.size() ? Optional.of(senders.get(index)) : Optional.empty();
        }
    }

    private void sendAll() {
        boolean more = true;
        while (more) {
            List<Job> batch = new ArrayList<>();
            try {
                more = gather(batch);
                if (!batch.isEmpty() && !failure.happened()) {
                    long start = System.nanoTime();
                    send(batch);
                    int bytes = batch.stream().mapToInt(job -> job.chunk.stored().length).sum();
                    pace.took(System.nanoTime() - start, batch.size(), bytes);
                    addSenders();
                }
            } catch (StoreException e) {
                failure.record(resumable(e));
            } catch (Throwable e) {
                failure.record(e);
            } finally {
                room.release(batch.stream().mapToInt(Job::kib).sum());
            }
        }
    }

    /** Takes what is waiting, at least one; false when this sender is to end after it. */
    private boolean gather(List<Job> batch) {
        int bytes = 0;
        Waiting next = takeUninterruptibly();
        while (next instanceof Job job) {
            batch.add(job);
            bytes += job.chunk.stored().length;
            if (batch.size() >= pace.batch() || bytes >= BATCH_BYTES) {
                return true;
            }
            Waiting following = queue.poll();
            if (following == null) {
                return true;
            }
            next = following;
        }
        return false;
    }

    private Waiting takeUninterruptibly() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                failure.record(new StoreException(StoreException.Kind.UNREACHABLE, "send chunks to " + store.url(),
                        "interrupted", "run the same command again"));
            }
        }
    }

    private void send(List<Job> batch) {
        Map<ChunkId, byte[]> chunks = new HashMap<>();
        batch.forEach(job -> chunks.put(job.chunk.id(), job.chunk.stored()));
        long all = bytes(chunks);
        int count = chunks.size();
        if (!overwrite) {
            Set<ChunkId> missing = store.incomplete(chunks.keySet());
            chunks.keySet().retainAll(missing);
        }
        long toSend = bytes(chunks);
        if (count > chunks.size()) {
            reused(count - chunks.size(), all - toSend);
        }
        if (!chunks.isEmpty()) {
            store.putAll(chunks);
            sent(chunks.size(), toSend);
        }
    }

    private void reused(int chunks, long bytes) {
        reusedChunks.addAndGet(chunks);
        events.on(new PackEvent.Reused(chunks, bytes));
    }

    private void sent(int chunks, long bytes) {
        sentChunks.addAndGet(chunks);
        sentBytes.addAndGet(bytes);
        events.on(new PackEvent.Sent(chunks, bytes));
    }

    private StoreException resumable(StoreException e) {
        String done = sentChunks() + " chunks were sent before";
        return new StoreException(e.kind(), e.what() + ", " + done, e.why(),
                e.hint() + "; then run the same command again: chunks that are there are not sent twice", e);
    }

    private static long bytes(Map<ChunkId, byte[]> chunks) {
        return chunks.values().stream().collect(Collectors.summingLong(data -> data.length));
    }
}
