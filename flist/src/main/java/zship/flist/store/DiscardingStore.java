package zship.flist.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import zship.flist.chunk.ChunkId;

/** Keeps nothing: for an flist whose chunks are computed and not uploaded, as zflist does without a backend. */
public final class DiscardingStore implements ChunkStore {
    @Override
    public Optional<byte[]> get(ChunkId id) {
        return Optional.empty();
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        // The chunk is not wanted.
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return new LinkedHashSet<>(ids);
    }

    @Override
    public StoreUrl url() {
        return new StoreUrl.Folder(Path.of("/dev/null"));
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
