package zship.flist.mount;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;

/** A store that counts what it gives, can be made to wait, and can be away. */
final class CountingStore implements ChunkStore {
    private final ChunkStore inner;
    private final List<ChunkId> given = new ArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean away;

    CountingStore(ChunkStore inner) {
        this.inner = inner;
    }

    synchronized List<ChunkId> given() {
        return List.copyOf(given);
    }

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    /** From now on every answer waits until {@link #answer}. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void answer() {
        gate.countDown();
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        if (away) {
            throw new StoreException(StoreException.Kind.UNREACHABLE, "read 1 chunks", "connection refused",
                    "start it");
        }
        synchronized (this) {
            given.add(id);
        }
        try {
            assert gate.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return inner.get(id);
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        inner.put(id, data);
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return inner.missing(ids);
    }

    @Override
    public StoreUrl url() {
        return StoreUrl.of("zdb://store.example:9900");
    }

    @Override
    public void close() {
        inner.close();
    }
}
