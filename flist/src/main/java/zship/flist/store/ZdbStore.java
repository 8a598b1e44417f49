package zship.flist.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import zship.flist.chunk.ChunkId;

/**
 * A 0-db server, or a Redis server used the same way: {@code GET}, {@code SET} and {@code EXISTS} with the 16 raw bytes of the
 * id as key. Commands of one call travel in one pipeline; threads that call at the same time each have a connection.
 *
 * <p>A connection that breaks is made anew, and what was not answered is sent again with growing pauses, for about as long as a
 * server takes to start again, since all three commands may be repeated. Every answer that comes in between starts the time afresh.
 * Who reads is told sooner. The first connection is not tried again, so that a wrong address is told at once.
 */
public final class ZdbStore implements ChunkStore {
    /** A server that is started again is back within this time. */
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);
    /** For what others may give, and for readers, who would rather be told. */
    private static final Duration LITTLE_PATIENCE = Duration.ofMillis(1500);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** The most bytes of values that one pipeline carries before its answers are awaited. */
    private static final int PIPELINE_BYTES = 8 << 20;
    private static final int PIPELINE_COMMANDS = 1024;

    private final StoreUrl.Server url;
    private final ZdbPool pool;
    private final Duration patience;

    private ZdbStore(StoreUrl.Server url, ZdbPool pool, Duration patience) {
        this.url = url;
        this.pool = pool;
        this.patience = patience;
    }

    /**
     * Connects to the server, gives the password and selects the namespace, if the address has them.
     *
     * @throws StoreException when it cannot be reached or refuses
     */
    public static ZdbStore connect(StoreUrl.Server url) {
        return connect(url, StorePatience.USUAL);
    }

    /**
     * Connects like {@link #connect(StoreUrl.Server)}, and waits as long as {@code patience} says, now and later.
     *
     * @throws StoreException when it cannot be reached or refuses
     */
    public static ZdbStore connect(StoreUrl.Server url, StorePatience patience) {
        return connect(url, patience, MOST_PATIENCE);
    }

    /**
     * One of several servers that may have a chunk: it is soon given up for the next one.
     *
     * @throws StoreException when it cannot be reached or refuses
     */
    static ZdbStore connectReplica(StoreUrl.Server url, StorePatience patience) {
        return connect(url, patience, LITTLE_PATIENCE);
    }

    private static ZdbStore connect(StoreUrl.Server url, StorePatience patience, Duration most) {
        ZdbPool pool = new ZdbPool(url, patience);
        try {
            pool.use(ZdbSession::connect);
        } catch (StoreException e) {
            pool.close();
            throw e;
        }
        return new ZdbStore(url, pool, shorter(patience.connect(), most));
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return Optional.ofNullable(getAll(List.of(id)).get(id));
    }

    @Override
    public Map<ChunkId, byte[]> getAll(Collection<ChunkId> ids) {
        List<ChunkId> wanted = List.copyOf(ids);
        List<Optional<byte[]>> values = persistently(wanted, shorter(patience, LITTLE_PATIENCE), ZdbSession::get);
        Map<ChunkId, byte[]> found = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            ChunkId id = wanted.get(i);
            values.get(i).ifPresent(value -> found.put(id, value));
        }
        return found;
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        putAll(Map.of(id, data));
    }

    @Override
    public void putAll(Map<ChunkId, byte[]> chunks) {
        Map<ChunkId, byte[]> batch = new HashMap<>();
        int bytes = 0;
        for (Map.Entry<ChunkId, byte[]> chunk : chunks.entrySet()) {
            if (bytes + chunk.getValue().length > PIPELINE_BYTES && !batch.isEmpty()) {
                send(batch);
                batch = new HashMap<>();
                bytes = 0;
            }
            batch.put(chunk.getKey(), chunk.getValue());
            bytes += chunk.getValue().length;
        }
        send(batch);
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        List<ChunkId> all = List.copyOf(ids);
        Set<ChunkId> missing = new LinkedHashSet<>();
        for (int from = 0; from < all.size(); from += PIPELINE_COMMANDS) {
            List<ChunkId> batch = all.subList(from, Math.min(all.size(), from + PIPELINE_COMMANDS));
            List<Boolean> there = persistently(batch, patience, ZdbSession::exists);
            for (int i = 0; i < batch.size(); i++) {
                if (!there.get(i)) {
                    missing.add(batch.get(i));
                }
            }
        }
        return missing;
    }

    @Override
    public int interruptions() {
        return pool.interruptions();
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public void close() {
        pool.close();
    }

    private void send(Map<ChunkId, byte[]> batch) {
        if (!batch.isEmpty()) {
            persistently(List.copyOf(batch.entrySet()), patience, ZdbSession::set);
        }
    }

    /** Commands for some items, of which every answer is added to a list. */
    private interface Call<I, R> {
        void run(ZdbSession session, List<I> items, List<R> answers);
    }

    private <I, R> List<R> persistently(List<I> items, Duration limit, Call<I, R> call) {
        List<R> answers = new ArrayList<>(items.size());
        Outage outage = new Outage();
        while (true) {
            int before = answers.size();
            try {
                Consumer<ZdbSession> rest = session -> call.run(session, items.subList(before, items.size()), answers);
                if (outage.began) {
                    pool.useNew(rest);
                } else {
                    pool.use(rest);
                }
                return answers;
            } catch (StoreException e) {
                if (answers.size() > before) {
                    outage = new Outage();
                }
                // Who has kept silent for so long will not answer the next time either.
                boolean silent = e.getCause() instanceof TimeoutException;
                if (e.kind() != StoreException.Kind.UNREACHABLE || silent || !outage.leaves(limit)) {
                    throw e;
                }
                sleep(outage.pause(), e);
            }
        }
    }

    /** The time since answers stopped, and the pauses in it. */
    private static final class Outage {
        private boolean began;
        private long since;
        private Duration next = FIRST_PAUSE;

        /** Whether one more pause ends within this time. */
        boolean leaves(Duration patience) {
            if (!began) {
                began = true;
                since = System.nanoTime();
            }
            return Duration.ofNanos(System.nanoTime() - since).plus(next).compareTo(patience) <= 0;
        }

        Duration pause() {
            Duration pause = next;
            next = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            return pause;
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void sleep(Duration pause, StoreException failure) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            throw failure;
        }
    }
}
