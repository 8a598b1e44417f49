package zship.flist.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import zship.flist.chunk.ChunkId;

/**
 * A 0-db server, or a Redis server used the same way: {@code GET}, {@code SET} and {@code EXISTS} with the 16 raw bytes of the
 * id as key. Commands of one call travel in one pipeline, and so do those of threads that call at the same time.
 *
 * <p>A connection that breaks is made anew and the call repeated a few times, since all three commands may be repeated.
 */
public final class ZdbStore implements ChunkStore {
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    /** The most bytes of values that one pipeline carries before its answers are awaited. */
    private static final int PIPELINE_BYTES = 8 << 20;
    private static final int PIPELINE_COMMANDS = 1024;

    private final StoreUrl.Server url;
    private final ZdbSession session;

    private ZdbStore(StoreUrl.Server url, ZdbSession session) {
        this.url = url;
        this.session = session;
    }

    /**
     * Connects to the server, gives the password and selects the namespace, if the address has them.
     *
     * @throws StoreException when it cannot be reached or refuses
     */
    public static ZdbStore connect(StoreUrl.Server url) {
        ZdbSession session = new ZdbSession(url);
        try {
            session.connect();
        } catch (StoreException e) {
            session.close();
            throw e;
        }
        return new ZdbStore(url, session);
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return Optional.ofNullable(getAll(List.of(id)).get(id));
    }

    @Override
    public Map<ChunkId, byte[]> getAll(Collection<ChunkId> ids) {
        List<ChunkId> wanted = List.copyOf(ids);
        List<Optional<byte[]>> values = persistently(() -> session.get(wanted));
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
            List<Boolean> there = persistently(() -> session.exists(batch));
            for (int i = 0; i < batch.size(); i++) {
                if (!there.get(i)) {
                    missing.add(batch.get(i));
                }
            }
        }
        return missing;
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public void close() {
        session.close();
    }

    private void send(Map<ChunkId, byte[]> batch) {
        if (!batch.isEmpty()) {
            Map<ChunkId, byte[]> chunks = batch;
            persistently(() -> session.set(chunks));
        }
    }

    private <T> List<T> persistently(Supplier<List<T>> call) {
        Duration pause = FIRST_PAUSE;
        int attempt = 1;
        while (true) {
            try {
                return call.get();
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.UNREACHABLE || attempt == ATTEMPTS) {
                    throw e;
                }
                attempt++;
                sleep(pause, e);
                pause = pause.multipliedBy(3);
            }
        }
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
