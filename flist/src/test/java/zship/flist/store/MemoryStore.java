package zship.flist.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import zship.flist.chunk.ChunkId;

/** A store in memory that counts what it is asked for and to keep. */
public final class MemoryStore implements ChunkStore {
    private final Map<ChunkId, byte[]> chunks = new ConcurrentHashMap<>();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicInteger gets = new AtomicInteger();

    public Map<ChunkId, byte[]> chunks() {
        return chunks;
    }

    public int puts() {
        return puts.get();
    }

    public int gets() {
        return gets.get();
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        gets.incrementAndGet();
        return Optional.ofNullable(chunks.get(id));
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        puts.incrementAndGet();
        chunks.put(id, data);
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        Set<ChunkId> missing = new LinkedHashSet<>(ids);
        missing.removeAll(chunks.keySet());
        return missing;
    }

    @Override
    public StoreUrl url() {
        return new StoreUrl.Folder(Path.of("/memory"));
    }

    @Override
    public void close() {
        // Kept until collected.
    }
}
