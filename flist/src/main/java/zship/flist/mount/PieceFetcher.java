package zship.flist.mount;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import zship.flist.FlistException;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec.Outcome;
import zship.flist.chunk.ChunkCodec.Stored;
import zship.flist.chunk.Slice;
import zship.flist.store.ChunkStore;
import zship.flist.store.DeferredStore;
import zship.flist.store.StoreException;

/**
 * Gets chunks from the cache, else from the store. Whoever asks for a chunk that is already on its way waits for that. What a
 * program is waiting for comes before what it may want next, and that before what nobody asked for.
 */
final class PieceFetcher implements AutoCloseable {
    private static final int THREADS = 16;
    /** Megabytes of pieces that are decoded at once, so that huge ones cannot fill the memory. */
    private static final int BUDGET = 128;
    /** After the store has not answered for long, programs are not kept waiting again so soon. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ChunkCache cache;
    private final ChunkStore store;
    private final FetchLog log = new FetchLog();
    private final Map<Block, Fetch> underWay = new HashMap<>();
    private final AtomicLong order = new AtomicLong();
    private final AtomicLong fetchedChunks = new AtomicLong();
    private final AtomicLong fetchedBytes = new AtomicLong();
    private final AtomicLong silentUntil = new AtomicLong(System.nanoTime());
    private final Semaphore budget = new Semaphore(BUDGET);
    private final Decoders decoders = new Decoders();
    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("fetch-deadlines").factory());
    private final Duration patience;

    /** How urgent a chunk is. */
    enum Urgency {
        /** A program waits for it. */
        AWAITED,
        /** A program that reads on will want it. */
        AHEAD,
        /** It may be wanted some day. */
        IDLE
    }

    /** Who waits for a piece. */
    interface Waiter {
        /** It is there; the waiter closes it. */
        void arrived(CachedPiece piece);

        /** It cannot be had; that was logged. */
        void failed();
    }

    /**
     * One piece of one file.
     *
     * @param length plain bytes that it must have
     * @param path   where the file is, for messages
     */
    record Wanted(Block block, int length, Supplier<TreePath> path) {
    }

    private record Task(Fetch fetch, Urgency urgency, long number) implements Runnable, Comparable<Task> {
        @Override
        public void run() {
            fetch.run();
        }

        @Override
        public int compareTo(Task other) {
            int byUrgency = urgency.compareTo(other.urgency);
            return byUrgency != 0 ? byUrgency : Long.compare(number, other.number);
        }
    }

    private final class Fetch {
        private final Wanted wanted;
        private final List<Waiter> waiters = new ArrayList<>();
        private final AtomicBoolean begun = new AtomicBoolean();
        private final AtomicBoolean awaited = new AtomicBoolean();
        private Urgency urgency;

        Fetch(Wanted wanted, Urgency urgency) {
            this.wanted = wanted;
            this.urgency = urgency;
        }

        void run() {
            if (!begun.compareAndSet(false, true)) {
                return;
            }
            Optional<CachedPiece> piece = Optional.empty();
            try {
                piece = load(wanted);
            } finally {
                for (Waiter waiter : finish()) {
                    piece.map(CachedPiece::share).ifPresentOrElse(waiter::arrived, waiter::failed);
                }
                piece.ifPresent(CachedPiece::close);
            }
        }

        /** Nobody can join any more; those who have are to be told. */
        private List<Waiter> finish() {
            synchronized (underWay) {
                underWay.remove(wanted.block, this);
                List<Waiter> all = List.copyOf(waiters);
                waiters.clear();
                return all;
            }
        }

        /** From now on someone waits, but not for ever. */
        void await() {
            if (awaited.compareAndSet(false, true)) {
                deadlines.schedule(this::giveUp, patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        private void giveUp() {
            List<Waiter> all = finish();
            if (!all.isEmpty()) {
                silentUntil.set(System.nanoTime() + SILENCE_NANOS);
                complain(wanted, "no answer within " + patience.toSeconds() + " seconds");
                all.forEach(Waiter::failed);
                if (store instanceof DeferredStore deferred) {
                    deferred.renew();
                }
            }
        }
    }

    PieceFetcher(ChunkCache cache, ChunkStore store, Duration patience) {
        this.cache = cache;
        this.store = store;
        this.patience = patience;
        this.pool = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new PriorityBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("fetch-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    /** Gets a piece: tells the waiter now when it is in the cache, else from another thread. */
    void obtain(Wanted wanted, Urgency urgency, Waiter waiter) {
        Optional<CachedPiece> present;
        boolean hopeless;
        synchronized (underWay) {
            present = cache.find(wanted.block);
            hopeless = present.isEmpty() && System.nanoTime() - silentUntil.get() < 0;
            if (present.isEmpty() && !hopeless) {
                Fetch fetch = underWay.computeIfAbsent(wanted.block, block -> begin(new Fetch(wanted, urgency)));
                fetch.waiters.add(waiter);
                if (urgency.compareTo(fetch.urgency) < 0) {
                    fetch.urgency = urgency;
                    begin(fetch);
                }
                if (urgency == Urgency.AWAITED) {
                    fetch.await();
                }
            }
        }
        present.ifPresent(waiter::arrived);
        if (hopeless) {
            waiter.failed();
        }
    }

    private Fetch begin(Fetch fetch) {
        pool.execute(new Task(fetch, fetch.urgency, order.incrementAndGet()));
        return fetch;
    }

    boolean isPresent(Block block) {
        return cache.contains(block);
    }

    boolean hasRoom() {
        return cache.hasRoom();
    }

    /** Chunks that came from the store. */
    long fetchedChunks() {
        return fetchedChunks.get();
    }

    /** Bytes of them as stored. */
    long fetchedBytes() {
        return fetchedBytes.get();
    }

    void complain(Wanted wanted, String why) {
        log.failed(wanted.path.get(), store.url().toString(), why);
    }

    private Optional<CachedPiece> load(Wanted wanted) {
        int share = Math.clamp(wanted.length >> 20, 1, BUDGET);
        budget.acquireUninterruptibly(share);
        try {
            Optional<CachedPiece> known = cache.recover(wanted.block);
            return known.isPresent() ? known : Optional.of(cache.keep(wanted.block, fetch(wanted)));
        } catch (StoreException e) {
            complain(wanted, e.why());
        } catch (FlistException e) {
            complain(wanted, e.why());
        } catch (IOException | RuntimeException e) {
            complain(wanted, "chunk " + wanted.block.id() + ": " + e.getMessage());
        } catch (OutOfMemoryError e) {
            complain(wanted, "not enough memory for chunk " + wanted.block.id());
        } finally {
            budget.release(share);
        }
        return Optional.empty();
    }

    private byte[] fetch(Wanted wanted) {
        Block block = wanted.block;
        byte[] stored = store.get(block.id()).orElseThrow(
                () -> fault(FlistException.Kind.CHUNK_MISSING, "chunk " + block.id() + " is not there"));
        byte[] plain = switch (decoders.decode(new Stored(block, stored, wanted.length))) {
            case Outcome.Sound(Slice content) -> content.array();
            case Outcome.Corrupt corrupt -> throw fault(FlistException.Kind.CHUNK_ALTERED,
                    "chunk " + block.id() + " is altered: " + corrupt.why());
        };
        if (plain.length != wanted.length) {
            throw fault(FlistException.Kind.DAMAGED, misfit(wanted, plain.length));
        }
        silentUntil.set(System.nanoTime());
        fetchedChunks.incrementAndGet();
        fetchedBytes.addAndGet(stored.length);
        log.succeeded(store.url().toString());
        return plain;
    }

    static String misfit(Wanted wanted, int length) {
        return "chunk " + wanted.block.id() + " holds " + length + " bytes, but " + wanted.length + " belong there";
    }

    private static FlistException fault(FlistException.Kind kind, String why) {
        return new FlistException(kind, "read a chunk", why, "zship flist verify FILE");
    }

    /** Stops; whoever waits is told that it failed. */
    @Override
    public void close() {
        deadlines.shutdownNow();
        decoders.close();
        for (Runnable task : pool.shutdownNow()) {
            ((Task) task).fetch.finish().forEach(Waiter::failed);
        }
    }
}
