package zship.flist.pack;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;

/**
 * The pieces of one file. Worker threads fill them in any order; they are read after the last worker is done. Room is made for
 * those that come, not for those that a size promises: an archive of a few bytes can promise anything.
 */
final class FileContent {
    private final long size;
    private final int pieces;
    private Block[] blocks = new Block[0];

    /**
     * A file of so many bytes.
     *
     * @throws IllegalArgumentException when these are more than the format has room for
     */
    FileContent(long size) {
        if (ChunkCodec.pieceCount(size) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it has " + size + " bytes, more than an flist can name");
        }
        this.size = size;
        this.pieces = (int) ChunkCodec.pieceCount(size);
    }

    long size() {
        return size;
    }

    int pieces() {
        return pieces;
    }

    /** Bytes in piece {@code index}. */
    int pieceLength(int index) {
        return (int) Math.min(ChunkCodec.PIECE_SIZE, size - (long) index * ChunkCodec.PIECE_SIZE);
    }

    /** Sets so many pieces from {@code index} on, which are all alike. */
    synchronized void set(int index, int times, Block block) {
        int end = index + times;
        if (end > blocks.length) {
            blocks = Arrays.copyOf(blocks, (int) Math.min(pieces, Math.max(end, 2L * blocks.length)));
        }
        Arrays.fill(blocks, index, end, block);
    }

    synchronized List<Block> blocks() {
        return Collections.unmodifiableList(Arrays.asList(blocks).subList(0, pieces));
    }
}
