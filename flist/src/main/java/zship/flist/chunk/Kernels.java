package zship.flist.chunk;

import java.util.List;

/**
 * Hashing and enciphering of many messages. Implementations give the same bytes and differ in speed. They may keep scratch
 * space and serve one thread at a time.
 */
interface Kernels {
    /** The BLAKE2b-128 of every message. */
    byte[][] hash128(List<Slice> messages);

    /** Every message enciphered with XXTEA and the key of the same index. */
    byte[][] encrypt(List<Slice> messages, List<byte[]> keys);

    /**
     * Every message deciphered, with its padding.
     *
     * @param targets where each goes, of the length of its cipher; they may be the ciphers themselves
     * @return how many bytes of each count, or -1 where the key does not fit
     */
    int[] decrypt(List<Slice> ciphers, List<Slice> targets, List<byte[]> keys);
}
