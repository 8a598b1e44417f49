package zship.localnode.store;

import java.io.IOException;
import java.time.Instant;

import zship.flist.chunk.ChunkId;

/** Chunks of a store that lists and removes them, which servers elsewhere do not. */
public interface StoredChunks {
    /**
     * A chunk in a store.
     *
     * @param id its name
     * @param bytes as stored
     * @param wanted when it was written, or somebody asked for it last
     */
    record Stored(ChunkId id, long bytes, Instant wanted) {
    }

    /** Told about every chunk. */
    @FunctionalInterface
    interface Visitor {
        /** One of the chunks. */
        void visit(Stored chunk);
    }

    /**
     * Visits all chunks; those that come or go meanwhile may be left out.
     *
     * @throws IOException when the store cannot be read
     */
    void forEach(Visitor visitor) throws IOException;

    /**
     * Removes a chunk unless somebody has wanted it since.
     *
     * @return whether it was removed
     * @throws IOException when the store cannot be written
     */
    boolean removeUnwanted(ChunkId id, Instant since) throws IOException;
}
