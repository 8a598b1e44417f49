package zship.flist.store;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import zship.flist.chunk.ChunkId;

/** A store that is opened when it is first needed, and again when that failed: it need not be there yet. */
public final class DeferredStore implements ChunkStore {
    private final StoreUrl url;
    private final Supplier<ChunkStore> open;
    private final AtomicInteger renewals = new AtomicInteger();
    private @Nullable ChunkStore opened;

    private DeferredStore(StoreUrl url, Supplier<ChunkStore> open) {
        this.url = url;
        this.open = open;
    }

    /** The store at that address. */
    public static DeferredStore of(StoreUrl url) {
        return new DeferredStore(url, () -> ChunkStores.open(url));
    }

    /**
     * A store that is opened in its own way.
     *
     * @param url where it is, for messages
     */
    static DeferredStore of(StoreUrl url, Supplier<ChunkStore> open) {
        return new DeferredStore(url, open);
    }

    private synchronized ChunkStore store() {
        ChunkStore known = opened;
        if (known == null) {
            known = open.get();
            opened = known;
        }
        return known;
    }

    /** Gives the connection up: the next call makes a new one. For a store that has fallen silent. */
    public void renew() {
        ChunkStore silent;
        synchronized (this) {
            silent = opened;
            opened = null;
            renewals.addAndGet(silent == null ? 0 : 1 + silent.interruptions());
        }
        if (silent != null) {
            silent.close();
        }
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return store().get(id);
    }

    @Override
    public Map<ChunkId, byte[]> getAll(Collection<ChunkId> ids) {
        return store().getAll(ids);
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        store().put(id, data);
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return store().missing(ids);
    }

    @Override
    public Set<ChunkId> incomplete(Collection<ChunkId> ids) {
        return store().incomplete(ids);
    }

    @Override
    public synchronized int interruptions() {
        return renewals.get() + (opened == null ? 0 : opened.interruptions());
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
