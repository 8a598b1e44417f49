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
 * @param sentChunks of these, sent to the store
 * @param sentBytes bytes of the sent chunks as stored
 * @param reusedChunks of these, found in the store
 */
public record PackedFlist(Path file, String sha256, long bytes, int files, int chunks, int sentChunks, long sentBytes,
        int reusedChunks) {
}
