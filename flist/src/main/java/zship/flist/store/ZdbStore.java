package zship.flist.store;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

import zship.flist.chunk.ChunkId;

/** A 0-db or Redis server. */
public final class ZdbStore implements ChunkStore {
    private final StoreUrl.Server url;

    private ZdbStore(StoreUrl.Server url) {
        this.url = url;
    }

    /**
     * Connects to the server.
     *
     * @throws StoreException when it cannot be reached or refuses
     */
    public static ZdbStore connect(StoreUrl.Server url) {
        return new ZdbStore(url);
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public void close() {
        // Not connected yet.
    }
}
