package zship.flist.pack;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;

/** The pieces of one file. Worker threads fill them in any order; they are read after the last worker is done. */
final class FileContent {
    private final long size;
    private final Block[] blocks;

    FileContent(long size) {
        this.size = size;
        this.blocks = new Block[Math.toIntExact(ChunkCodec.pieceCount(size))];
    }

    long size() {
        return size;
    }

    int pieces() {
        return blocks.length;
    }

    /** Bytes in piece {@code index}. */
    int pieceLength(int index) {
        return (int) Math.min(ChunkCodec.PIECE_SIZE, size - (long) index * ChunkCodec.PIECE_SIZE);
    }

    void set(int index, Block block) {
        blocks[index] = block;
    }

    List<Block> blocks() {
        return Collections.unmodifiableList(Arrays.asList(blocks));
    }
}
