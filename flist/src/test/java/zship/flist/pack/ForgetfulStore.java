package zship.flist.pack;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreUrl;

/** A store that takes everything and keeps nothing, so that memory is that of packing alone. */
final class ForgetfulStore implements ChunkStore {
    @Override
    public Optional<byte[]> get(ChunkId id) {
        return Optional.empty();
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        // Whoever packs has to be done with it.
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return Set.copyOf(ids);
    }

    @Override
    public StoreUrl url() {
        return new StoreUrl.Folder(Path.of("/nowhere"));
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
