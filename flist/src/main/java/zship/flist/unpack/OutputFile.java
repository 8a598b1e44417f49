package zship.flist.unpack;

import java.nio.file.Path;

import zship.flist.FileEntry;
import zship.flist.FlistException;
import zship.flist.TreePath;

/**
 * A regular file to be written.
 *
 * @param entry what the flist says
 * @param path where in the tree
 * @param disk where on disk
 */
record OutputFile(FileEntry entry, TreePath path, Path disk) {
    /**
     * The file, checked for having no more pieces than its size needs.
     *
     * @throws FlistException of kind DAMAGED
     */
    static OutputFile of(FileEntry entry, TreePath path, Path disk) {
        long needed = Math.ceilDiv(entry.size(), (long) entry.pieceSize());
        if (entry.blocks().size() > needed) {
            throw new FlistException(FlistException.Kind.DAMAGED, "unpack " + path,
                    "the flist names " + entry.blocks().size() + " pieces, but " + entry.size() + " bytes need "
                            + needed,
                    "pack the flist again");
        }
        return new OutputFile(entry, path, disk);
    }

    /** Whether pieces are missing at the end: old tools lost the last one of some files just over 16 MiB. */
    boolean isShortened() {
        return available() < entry.size();
    }

    /** Bytes that the pieces hold. */
    long available() {
        return Math.min(entry.size(), (long) entry.blocks().size() * entry.pieceSize());
    }

    int pieces() {
        return entry.blocks().size();
    }

    long offset(int piece) {
        return (long) piece * entry.pieceSize();
    }

    int length(int piece) {
        return (int) Math.min(entry.pieceSize(), entry.size() - offset(piece));
    }
}
