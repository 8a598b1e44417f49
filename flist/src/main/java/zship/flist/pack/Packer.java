package zship.flist.pack;

import java.nio.file.Path;
import java.util.Set;

import zship.flist.Flist;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;

/** Packs a root tree into an flist and its chunks into a store. */
public final class Packer {
    private final ChunkStore store;
    private final PackEvents events;

    /** A packer that sends chunks to {@code store}, which stays open, and reports to {@code events}. */
    public Packer(ChunkStore store, PackEvents events) {
        this.store = store;
        this.events = events;
    }

    /**
     * Packs a directory, a tar or a tar.gz. The flist is written last, when the store has every chunk, and replaces what was
     * at {@code target} in one step.
     *
     * @throws zship.flist.FlistException when the source cannot be read or the flist not be written
     * @throws zship.flist.store.StoreException when the store fails
     */
    public PackedFlist pack(Path source, Path target, PackOptions options) {
        throw new UnsupportedOperationException(store + " " + events);
    }

    /** The chunks of {@code flist} that {@code store} does not have, in the order of the flist. */
    public static Set<ChunkId> missingChunks(Flist flist, ChunkStore store) {
        return store.missing(flist.chunkIds());
    }
}
