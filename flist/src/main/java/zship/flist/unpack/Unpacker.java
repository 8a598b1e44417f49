package zship.flist.unpack;

import java.nio.file.Path;

import zship.flist.Flist;
import zship.flist.store.ChunkStore;

/** Turns an flist back into files. Every chunk is verified twice: as stored and as plain content. */
public final class Unpacker {
    private final ChunkStore store;

    /** An unpacker that takes chunks from {@code store}, which stays open. */
    public Unpacker(ChunkStore store) {
        this.store = store;
    }

    /**
     * Writes the whole tree below {@code target}, an empty or not yet existing directory. Owners are set when the process is
     * root; modes and times always.
     *
     * @throws zship.flist.FlistException naming chunk and file when a chunk is missing or altered; naming the path when a file
     *         cannot be written
     * @throws zship.flist.store.StoreException when the store fails
     */
    public UnpackedTree unpack(Flist flist, Path target) {
        throw new UnsupportedOperationException(store + " " + flist + target);
    }
}
