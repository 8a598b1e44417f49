package zship.flist.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import static java.lang.Long.rotateRight;

/**
 * The hash function BLAKE2b (RFC 7693), unkeyed, for digests of 16 bytes (chunk ids, chunk keys, directory keys) and 8 bytes
 * (permission keys).
 *
 * <p>The digest length is part of BLAKE2's parameters: these are not the first bytes of a 64-byte digest.
 */
public final class Blake2b {
    static final int BLOCK = 128;
    static final int ROUNDS = 12;
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long IV0 = 0x6a09e667f3bcc908L;
    private static final long IV1 = 0xbb67ae8584caa73bL;
    private static final long IV2 = 0x3c6ef372fe94f82bL;
    private static final long IV3 = 0xa54ff53a5f1d36f1L;
    private static final long IV4 = 0x510e527fade682d1L;
    private static final long IV5 = 0x9b05688c2b3e6c1fL;
    private static final long IV6 = 0x1f83d9abfb41bd6bL;
    private static final long IV7 = 0x5be0cd19137e2179L;

    /** The order in which each round takes the message words; rounds 10 and 11 repeat 0 and 1. */
    private static final byte[] SIGMA = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3, //
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4, //
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8, //
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13, //
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9, //
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11, //
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10, //
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5, //
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0, //
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, //
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3};

    private Blake2b() {
    }

    /** The 16-byte digest of {@code input}. */
    public static byte[] hash128(byte[] input) {
        return hash128(input, 0, input.length);
    }

    /** The 16-byte digest of {@code length} bytes of {@code input} from {@code offset}. */
    public static byte[] hash128(byte[] input, int offset, int length) {
        return digest(input, offset, length, 16);
    }

    /** The 8-byte digest of {@code input}. */
    public static byte[] hash64(byte[] input) {
        return digest(input, 0, input.length, 8);
    }

    /** The digest of a message of which {@code done} bytes, whole blocks, have gone into {@code h} already. */
    static byte[] digest128(long[] h, Slice message, int done) {
        return digest(h, message, done, 16);
    }

    /** The state before the first block. */
    static long[] start(int digestBytes) {
        return new long[]{IV0 ^ 0x01010000L ^ digestBytes, IV1, IV2, IV3, IV4, IV5, IV6, IV7};
    }

    static long iv(int word) {
        return switch (word) {
            case 0 -> IV0;
            case 1 -> IV1;
            case 2 -> IV2;
            case 3 -> IV3;
            case 4 -> IV4;
            case 5 -> IV5;
            case 6 -> IV6;
            default -> IV7;
        };
    }

    /** The message word that is taken {@code place}-th over all rounds. */
    static int sigma(int place) {
        return SIGMA[place];
    }

    private static byte[] digest(byte[] input, int offset, int length, int digestBytes) {
        return digest(start(digestBytes), new Slice(input, offset, length), 0, digestBytes);
    }

    private static byte[] digest(long[] h, Slice message, int from, int digestBytes) {
        long[] m = new long[16];
        byte[] input = message.array();
        int offset = message.offset();
        int length = message.length();
        int done = from;
        while (length - done > BLOCK) {
            load(m, input, offset + done);
            done += BLOCK;
            compress(h, m, done, 0);
        }
        byte[] last = Arrays.copyOf(Arrays.copyOfRange(input, offset + done, offset + length), BLOCK);
        load(m, last, 0);
        compress(h, m, length, -1);
        byte[] digest = new byte[digestBytes];
        for (int i = 0; i < digestBytes; i += 8) {
            LONG.set(digest, i, h[i >> 3]);
        }
        return digest;
    }

    private static void load(long[] m, byte[] input, int offset) {
        for (int i = 0; i < 16; i++) {
            m[i] = (long) LONG.get(input, offset + 8 * i);
        }
    }

    /** One block into the state. The working values live in local variables, which is what makes this fast. */
    // @formatter:off
    private static void compress(long[] h, long[] m, long counter, long finalMask) {
        long v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3], v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7];
        long v8 = IV0, v9 = IV1, v10 = IV2, v11 = IV3, v12 = IV4 ^ counter, v13 = IV5, v14 = IV6 ^ finalMask, v15 = IV7;
        for (int s = 0; s < 16 * ROUNDS; s += 16) {
            v0 += v4 + m[SIGMA[s + 0]]; v12 = rotateRight(v12 ^ v0, 32); v8 += v12; v4 = rotateRight(v4 ^ v8, 24);
            v0 += v4 + m[SIGMA[s + 1]]; v12 = rotateRight(v12 ^ v0, 16); v8 += v12; v4 = rotateRight(v4 ^ v8, 63);
            v1 += v5 + m[SIGMA[s + 2]]; v13 = rotateRight(v13 ^ v1, 32); v9 += v13; v5 = rotateRight(v5 ^ v9, 24);
            v1 += v5 + m[SIGMA[s + 3]]; v13 = rotateRight(v13 ^ v1, 16); v9 += v13; v5 = rotateRight(v5 ^ v9, 63);
            v2 += v6 + m[SIGMA[s + 4]]; v14 = rotateRight(v14 ^ v2, 32); v10 += v14; v6 = rotateRight(v6 ^ v10, 24);
            v2 += v6 + m[SIGMA[s + 5]]; v14 = rotateRight(v14 ^ v2, 16); v10 += v14; v6 = rotateRight(v6 ^ v10, 63);
            v3 += v7 + m[SIGMA[s + 6]]; v15 = rotateRight(v15 ^ v3, 32); v11 += v15; v7 = rotateRight(v7 ^ v11, 24);
            v3 += v7 + m[SIGMA[s + 7]]; v15 = rotateRight(v15 ^ v3, 16); v11 += v15; v7 = rotateRight(v7 ^ v11, 63);
            v0 += v5 + m[SIGMA[s + 8]]; v15 = rotateRight(v15 ^ v0, 32); v10 += v15; v5 = rotateRight(v5 ^ v10, 24);
            v0 += v5 + m[SIGMA[s + 9]]; v15 = rotateRight(v15 ^ v0, 16); v10 += v15; v5 = rotateRight(v5 ^ v10, 63);
            v1 += v6 + m[SIGMA[s + 10]]; v12 = rotateRight(v12 ^ v1, 32); v11 += v12; v6 = rotateRight(v6 ^ v11, 24);
            v1 += v6 + m[SIGMA[s + 11]]; v12 = rotateRight(v12 ^ v1, 16); v11 += v12; v6 = rotateRight(v6 ^ v11, 63);
            v2 += v7 + m[SIGMA[s + 12]]; v13 = rotateRight(v13 ^ v2, 32); v8 += v13; v7 = rotateRight(v7 ^ v8, 24);
            v2 += v7 + m[SIGMA[s + 13]]; v13 = rotateRight(v13 ^ v2, 16); v8 += v13; v7 = rotateRight(v7 ^ v8, 63);
            v3 += v4 + m[SIGMA[s + 14]]; v14 = rotateRight(v14 ^ v3, 32); v9 += v14; v4 = rotateRight(v4 ^ v9, 24);
            v3 += v4 + m[SIGMA[s + 15]]; v14 = rotateRight(v14 ^ v3, 16); v9 += v14; v4 = rotateRight(v4 ^ v9, 63);
        }
        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }
    // @formatter:on
}
