package zship.flist.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import zship.flist.chunk.ChunkId;

/**
 * A place that keeps chunks by id. Stores may be used by several threads at once; all methods throw {@link StoreException}
 * when the store fails. A store does not check content: readers verify every chunk they get.
 */
public interface ChunkStore extends AutoCloseable {
    /** The bytes kept under {@code id}, if there are any. */
    Optional<byte[]> get(ChunkId id);

    /** Keeps {@code data} under {@code id}, replacing what was there. When it returns, the store has it. */
    void put(ChunkId id, byte[] data);

    /** Those of {@code ids} that the store does not have. */
    Set<ChunkId> missing(Collection<ChunkId> ids);

    /** Those of {@code ids} that must be sent so that every replica has them; without replicas, those that are missing. */
    default Set<ChunkId> incomplete(Collection<ChunkId> ids) {
        return missing(ids);
    }

    /** Several chunks at once, where the store can do that faster than one by one; what is missing is left out. */
    default Map<ChunkId, byte[]> getAll(Collection<ChunkId> ids) {
        Map<ChunkId, byte[]> found = new HashMap<>();
        for (ChunkId id : ids) {
            get(id).ifPresent(data -> found.put(id, data));
        }
        return found;
    }

    /** Keeps several chunks, where the store can do that faster than one by one. When it returns, the store has them all. */
    default void putAll(Map<ChunkId, byte[]> chunks) {
        chunks.forEach(this::put);
    }

    /**
     * How often a connection broke after it had worked. What a server acknowledged before such a break it may have lost since, as
     * one does that starts again without what it kept in memory.
     */
    default int interruptions() {
        return 0;
    }

    /** The address, without password, for messages. */
    StoreUrl url();

    /** Lets go of connections. Chunks stay. */
    @Override
    void close();
}
