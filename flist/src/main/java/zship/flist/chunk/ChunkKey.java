package zship.flist.chunk;

/**
 * What deciphers a chunk: BLAKE2b-128 of the plain bytes, so it also proves them.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record ChunkKey(long high, long low) implements Comparable<ChunkKey> {
    private static final String NOUN = "a chunk key";

    /**
     * The key with these 16 bytes.
     *
     * @throws IllegalArgumentException for any other number of bytes
     */
    public static ChunkKey of(byte[] bytes) {
        return new ChunkKey(Hash128.high(bytes, NOUN), Hash128.low(bytes));
    }

    /**
     * The key written as 32 hexadecimal digits.
     *
     * @throws IllegalArgumentException when {@code hex} is anything else
     */
    public static ChunkKey of(String hex) {
        return of(Hash128.parse(hex, NOUN));
    }

    /** The 16 bytes. */
    public byte[] bytes() {
        return Hash128.bytes(high, low);
    }

    /** Orders by the unsigned bytes. */
    @Override
    public int compareTo(ChunkKey other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** The 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return Hash128.hex(high, low);
    }
}
