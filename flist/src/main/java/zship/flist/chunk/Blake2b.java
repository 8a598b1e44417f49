package zship.flist.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

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
        Slice message = new Slice(input, offset, length);
        Optional<SodiumBlake2b> library = SodiumBlake2b.forMessage(length);
        return library.isPresent() ? library.get().hash(message, 16) : digest(start(16), message, 0, 16);
    }

    /** The 8-byte digest of {@code input}. */
    public static byte[] hash64(byte[] input) {
        return digest(start(8), Slice.of(input), 0, 8);
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

    private static byte[] digest(long[] h, Slice message, int from, int digestBytes) {
        long[] m = new long[16];
        long[] v = new long[16];
        byte[] input = message.array();
        int offset = message.offset();
        int length = message.length();
        int done = from;
        while (length - done > BLOCK) {
            load(m, input, offset + done);
            done += BLOCK;
            compress(h, v, m, done, 0);
        }
        byte[] last = Arrays.copyOf(Arrays.copyOfRange(input, offset + done, offset + length), BLOCK);
        load(m, last, 0);
        compress(h, v, m, length, -1);
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

    /** One block into the state. */
    private static void compress(long[] h, long[] v, long[] m, long counter, long finalMask) {
        System.arraycopy(h, 0, v, 0, 8);
        for (int i = 0; i < 8; i++) {
            v[8 + i] = iv(i);
        }
        v[12] ^= counter;
        v[14] ^= finalMask;
        firstRounds(v, m);
        lastRounds(v, m);
        for (int i = 0; i < 8; i++) {
            h[i] ^= v[i] ^ v[8 + i];
        }
    }

    /**
     * Six rounds with all their values in local variables and the order of the message words written out, which is what makes
     * this fast. All twelve in one method would be too large for the just-in-time compiler. The rotations are written out because
     * its quick half would call them.
     */
    // @formatter:off
    private static void firstRounds(long[] v, long[] m) {
        long v0 = v[0], v1 = v[1], v2 = v[2], v3 = v[3], v4 = v[4], v5 = v[5], v6 = v[6], v7 = v[7], v8 = v[8], v9 = v[9], v10 = v[10], v11 = v[11], v12 = v[12], v13 = v[13], v14 = v[14], v15 = v[15], t;
        long m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7], m8 = m[8], m9 = m[9], m10 = m[10], m11 = m[11], m12 = m[12], m13 = m[13], m14 = m[14], m15 = m[15];
        v0 += v4 + m0; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m1; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m2; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m3; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m4; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m5; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m6; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m7; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m8; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m9; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m10; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m11; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m12; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m13; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m14; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m15; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m14; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m10; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m4; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m8; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m9; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m15; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m13; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m6; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m1; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m12; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m0; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m2; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m11; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m7; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m5; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m3; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m11; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m8; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m12; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m0; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m5; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m2; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m15; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m13; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m10; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m14; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m3; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m6; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m7; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m1; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m9; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m4; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m7; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m9; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m3; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m1; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m13; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m12; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m11; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m14; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m2; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m6; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m5; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m10; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m4; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m0; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m15; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m8; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m9; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m0; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m5; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m7; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m2; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m4; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m10; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m15; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m14; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m1; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m11; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m12; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m6; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m8; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m3; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m13; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m2; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m12; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m6; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m10; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m0; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m11; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m8; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m3; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m4; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m13; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m7; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m5; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m15; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m14; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m1; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m9; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v[0] = v0; v[1] = v1; v[2] = v2; v[3] = v3; v[4] = v4; v[5] = v5; v[6] = v6; v[7] = v7; v[8] = v8; v[9] = v9; v[10] = v10; v[11] = v11; v[12] = v12; v[13] = v13; v[14] = v14; v[15] = v15;
    }

    /** The other six rounds. */
    private static void lastRounds(long[] v, long[] m) {
        long v0 = v[0], v1 = v[1], v2 = v[2], v3 = v[3], v4 = v[4], v5 = v[5], v6 = v[6], v7 = v[7], v8 = v[8], v9 = v[9], v10 = v[10], v11 = v[11], v12 = v[12], v13 = v[13], v14 = v[14], v15 = v[15], t;
        long m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7], m8 = m[8], m9 = m[9], m10 = m[10], m11 = m[11], m12 = m[12], m13 = m[13], m14 = m[14], m15 = m[15];
        v0 += v4 + m12; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m5; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m1; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m15; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m14; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m13; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m4; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m10; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m0; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m7; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m6; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m3; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m9; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m2; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m8; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m11; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m13; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m11; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m7; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m14; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m12; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m1; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m3; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m9; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m5; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m0; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m15; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m4; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m8; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m6; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m2; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m10; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m6; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m15; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m14; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m9; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m11; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m3; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m0; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m8; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m12; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m2; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m13; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m7; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m1; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m4; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m10; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m5; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m10; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m2; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m8; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m4; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m7; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m6; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m1; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m5; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m15; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m11; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m9; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m14; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m3; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m12; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m13; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m0; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m0; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m1; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m2; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m3; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m4; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m5; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m6; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m7; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m8; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m9; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m10; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m11; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m12; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m13; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m14; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m15; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v0 += v4 + m14; t = v12 ^ v0; v12 = t >>> 32 | t << 32; v8 += v12; t = v4 ^ v8; v4 = t >>> 24 | t << 40; v0 += v4 + m10; t = v12 ^ v0; v12 = t >>> 16 | t << 48; v8 += v12; t = v4 ^ v8; v4 = t >>> 63 | t << 1;
        v1 += v5 + m4; t = v13 ^ v1; v13 = t >>> 32 | t << 32; v9 += v13; t = v5 ^ v9; v5 = t >>> 24 | t << 40; v1 += v5 + m8; t = v13 ^ v1; v13 = t >>> 16 | t << 48; v9 += v13; t = v5 ^ v9; v5 = t >>> 63 | t << 1;
        v2 += v6 + m9; t = v14 ^ v2; v14 = t >>> 32 | t << 32; v10 += v14; t = v6 ^ v10; v6 = t >>> 24 | t << 40; v2 += v6 + m15; t = v14 ^ v2; v14 = t >>> 16 | t << 48; v10 += v14; t = v6 ^ v10; v6 = t >>> 63 | t << 1;
        v3 += v7 + m13; t = v15 ^ v3; v15 = t >>> 32 | t << 32; v11 += v15; t = v7 ^ v11; v7 = t >>> 24 | t << 40; v3 += v7 + m6; t = v15 ^ v3; v15 = t >>> 16 | t << 48; v11 += v15; t = v7 ^ v11; v7 = t >>> 63 | t << 1;
        v0 += v5 + m1; t = v15 ^ v0; v15 = t >>> 32 | t << 32; v10 += v15; t = v5 ^ v10; v5 = t >>> 24 | t << 40; v0 += v5 + m12; t = v15 ^ v0; v15 = t >>> 16 | t << 48; v10 += v15; t = v5 ^ v10; v5 = t >>> 63 | t << 1;
        v1 += v6 + m0; t = v12 ^ v1; v12 = t >>> 32 | t << 32; v11 += v12; t = v6 ^ v11; v6 = t >>> 24 | t << 40; v1 += v6 + m2; t = v12 ^ v1; v12 = t >>> 16 | t << 48; v11 += v12; t = v6 ^ v11; v6 = t >>> 63 | t << 1;
        v2 += v7 + m11; t = v13 ^ v2; v13 = t >>> 32 | t << 32; v8 += v13; t = v7 ^ v8; v7 = t >>> 24 | t << 40; v2 += v7 + m7; t = v13 ^ v2; v13 = t >>> 16 | t << 48; v8 += v13; t = v7 ^ v8; v7 = t >>> 63 | t << 1;
        v3 += v4 + m5; t = v14 ^ v3; v14 = t >>> 32 | t << 32; v9 += v14; t = v4 ^ v9; v4 = t >>> 24 | t << 40; v3 += v4 + m3; t = v14 ^ v3; v14 = t >>> 16 | t << 48; v9 += v14; t = v4 ^ v9; v4 = t >>> 63 | t << 1;
        v[0] = v0; v[1] = v1; v[2] = v2; v[3] = v3; v[4] = v4; v[5] = v5; v[6] = v6; v[7] = v7; v[8] = v8; v[9] = v9; v[10] = v10; v[11] = v11; v[12] = v12; v[13] = v13; v[14] = v14; v[15] = v15;
    }
    // @formatter:on
}
