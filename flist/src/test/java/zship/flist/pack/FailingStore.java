package zship.flist.pack;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;

/** A store that runs out of space after some chunks. */
final class FailingStore implements ChunkStore {
    private final ChunkStore store;
    private final AtomicInteger room;

    FailingStore(ChunkStore store, int room) {
        this.store = store;
        this.room = new AtomicInteger(room);
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return store.get(id);
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        if (room.getAndDecrement() <= 0) {
            throw new StoreException(StoreException.Kind.REFUSED, "write 1 chunks", "No space left on this namespace",
                    "make room");
        }
        store.put(id, data);
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return store.missing(ids);
    }

    @Override
    public StoreUrl url() {
        return store.url();
    }

    @Override
    public void close() {
        store.close();
    }
}
