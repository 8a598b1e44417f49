package zship.flist.pack;

import java.nio.file.Path;

/**
 * What packing made.
 *
 * @param file the flist
 * @param sha256 of the flist, 64 hex digits
 * @param bytes in regular files, before compression
 * @param files regular files
 * @param chunks distinct chunks the flist names
 * @param sentChunks sent to the store, also those of files that a later layer or member replaces or removes
 * @param sentBytes bytes of the sent chunks as stored
 * @param reusedChunks found in the store, likewise
 */
public record PackedFlist(Path file, String sha256, long bytes, int files, int chunks, int sentChunks, long sentBytes,
        int reusedChunks) {
    /** How many of the chunks that were sent or found the flist does not name. */
    public int unusedChunks() {
        return Math.max(0, sentChunks + reusedChunks - chunks);
    }
}
