package zship.flist.pack;

import java.util.Arrays;

import zship.flist.chunk.ChunkCodec;

/**
 * The pieces of one file, as numbers in a {@link BlockTable}. Worker threads fill them in any order; they are read after the last
 * worker is done. Room is made for those that come, not for those that a size promises: an archive of a few bytes can promise
 * anything.
 */
final class FileContent {
    private final long size;
    private final int pieces;
    private int[] numbers;

    /**
     * A file of so many bytes.
     *
     * @throws IllegalArgumentException when these are more than the format has room for
     */
    FileContent(long size) {
        this(size, new int[0]);
    }

    /** A file whose pieces are known. */
    FileContent(long size, int[] numbers) {
        if (ChunkCodec.pieceCount(size) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it has " + size + " bytes, more than an flist can name");
        }
        this.size = size;
        this.pieces = (int) ChunkCodec.pieceCount(size);
        this.numbers = numbers;
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
    synchronized void set(int index, int times, int number) {
        int end = index + times;
        if (end > numbers.length) {
            numbers = Arrays.copyOf(numbers, (int) Math.min(pieces, Math.max(end, 2L * numbers.length)));
        }
        Arrays.fill(numbers, index, end, number);
    }

    /** The numbers of all pieces, once the last one is set. Not a copy. */
    synchronized int[] numbers() {
        return numbers;
    }
}
