package zship.flist.chunk;

/**
 * The name of a chunk in a store: BLAKE2b-128 of the bytes stored under it.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record ChunkId(long high, long low) implements Comparable<ChunkId> {
    private static final String NOUN = "a chunk id";

    /**
     * The id with these 16 bytes.
     *
     * @throws IllegalArgumentException for any other number of bytes
     */
    public static ChunkId of(byte[] bytes) {
        return new ChunkId(Hash128.high(bytes, NOUN), Hash128.low(bytes));
    }

    /**
     * The id written as 32 hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static ChunkId of(String hex) {
        return of(Hash128.parse(hex, NOUN));
    }

    /** The 16 bytes. */
    public byte[] bytes() {
        return Hash128.bytes(high, low);
    }

    /** Orders by the unsigned bytes. */
    @Override
    public int compareTo(ChunkId other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** The 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return Hash128.hex(high, low);
    }
}
