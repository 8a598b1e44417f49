package zship.localnode.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import zship.flist.store.ChunkStore;
import zship.localnode.store.StoredChunks;

/**
 * Where the chunks of a hub's flists are.
 *
 * @param chunks opens the store that must have the chunks of what is uploaded
 * @param stored the same chunks where they can be listed and removed
 * @param others folders of containers' roots, as {@code SHA-256/root.flist}; the chunks of these flists are needed too
 */
public record HubStore(Supplier<ChunkStore> chunks, Optional<StoredChunks> stored, List<Path> others) {
    /** Keeps its own copy of the list. */
    public HubStore {
        others = List.copyOf(others);
    }

    /** A store from which nothing is removed. */
    public static HubStore of(Supplier<ChunkStore> chunks) {
        return new HubStore(chunks, Optional.empty(), List.of());
    }
}
