package zship.flist.mount;

import zship.flist.FileEntry;
import zship.flist.chunk.Block;

/**
 * How a file is cut: the pieces and where they begin. Old tools lost the last pieces of some files just over 16 MiB: such a
 * file ends where its pieces end, as when it is unpacked.
 */
record FileShape(FileEntry file) {
    /** Bytes that can be read. */
    long available() {
        return Math.min(file.size(), (long) file.blocks().size() * file.pieceSize());
    }

    /** The piece that holds the byte at {@code offset}. */
    int pieceAt(long offset) {
        return (int) (offset / file.pieceSize());
    }

    /** Pieces that hold something. */
    int pieces() {
        return (int) Math.ceilDiv(available(), (long) file.pieceSize());
    }

    long start(int piece) {
        return (long) piece * file.pieceSize();
    }

    /** Plain bytes of a piece. */
    int length(int piece) {
        return (int) Math.min(file.pieceSize(), available() - start(piece));
    }

    Block block(int piece) {
        return file.blocks().get(piece);
    }
}
