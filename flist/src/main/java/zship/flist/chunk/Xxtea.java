package zship.flist.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The block cipher XXTEA ("Corrected Block TEA", Wheeler and Needham 1998) over a whole message, as the flist tools use it:
 * little-endian words, the message zero-padded to whole words and followed by one word that holds its length in bytes.
 */
public final class Xxtea {
    /** Bytes in a key. */
    public static final int KEY_BYTES = 16;

    private static final int DELTA = 0x9E3779B9;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Xxtea() {
    }

    /** The bytes that {@code length} plain bytes become: whole words and the length word. */
    public static int encryptedLength(int length) {
        return (length + 3) / 4 * 4 + 4;
    }

    /** {@code plain} enciphered with a 16-byte key. */
    public static byte[] encrypt(byte[] plain, byte[] key) {
        return encrypt(plain, plain.length, key, new int[encryptedLength(plain.length) / 4]);
    }

    /**
     * The first {@code length} bytes of {@code plain} enciphered.
     *
     * @param words scratch space of at least {@code encryptedLength(length) / 4} words
     */
    static byte[] encrypt(byte[] plain, int length, byte[] key, int[] words) {
        int bytes = encryptedLength(length);
        int last = bytes / 4 - 1;
        int whole = length / 4;
        ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words, 0, whole);
        if (whole < last) {
            words[whole] = tailWord(plain, whole * 4, length);
        }
        words[last] = length;
        encipher(words, last, keyWords(key));
        byte[] result = new byte[bytes];
        ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(words, 0, last + 1);
        return result;
    }

    /**
     * The inverse of {@link #encrypt(byte[], byte[])}.
     *
     * @throws CorruptChunkException when {@code cipher} was not made with this key
     */
    public static byte[] decrypt(byte[] cipher, byte[] key) throws CorruptChunkException {
        byte[] plain = new byte[cipher.length];
        int length = decrypt(cipher, key, plain, new int[cipher.length / 4]);
        return Arrays.copyOf(plain, length);
    }

    /**
     * Deciphers into {@code plain} and returns the number of bytes that count.
     *
     * @param plain at least as long as {@code cipher}
     * @param words scratch space of at least {@code cipher.length / 4} words
     */
    static int decrypt(byte[] cipher, byte[] key, byte[] plain, int[] words) throws CorruptChunkException {
        if (cipher.length < 8 || cipher.length % 4 != 0) {
            throw new CorruptChunkException(cipher.length + " bytes cannot be an enciphered message");
        }
        int last = cipher.length / 4 - 1;
        ByteBuffer.wrap(cipher).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words, 0, last + 1);
        decipher(words, last, keyWords(key));
        int length = words[last];
        if (length > 4 * last || length < 4 * last - 3) {
            throw new CorruptChunkException("the key does not decipher these " + cipher.length + " bytes");
        }
        ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(words, 0, last);
        return length;
    }

    private static int tailWord(byte[] plain, int from, int length) {
        int word = 0;
        for (int i = from; i < length; i++) {
            word |= (plain[i] & 0xff) << 8 * (i - from);
        }
        return word;
    }

    private static int[] keyWords(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("an XXTEA key has 16 bytes, not " + key.length);
        }
        return new int[]{(int) INT.get(key, 0), (int) INT.get(key, 4), (int) INT.get(key, 8), (int) INT.get(key, 12)};
    }

    private static int rounds(int words) {
        return 6 + 52 / words;
    }

    private static void encipher(int[] v, int n, int[] k) {
        int sum = 0;
        for (int round = rounds(n + 1); round > 0; round--) {
            sum += DELTA;
            encipherRound(v, n, k, sum);
        }
    }

    private static void encipherRound(int[] v, int n, int[] k, int sum) {
        int e = sum >>> 2 & 3;
        int z = v[n];
        int y = v[0];
        for (int p = 0; p < n; p++) {
            int x = y;
            y = v[p + 1];
            z = x + mix(y, z, sum, k[p & 3 ^ e]);
            v[p] = z;
        }
        v[n] = y + mix(v[0], z, sum, k[n & 3 ^ e]);
    }

    private static void decipher(int[] v, int n, int[] k) {
        int sum = rounds(n + 1) * DELTA;
        while (sum != 0) {
            decipherRound(v, n, k, sum);
            sum -= DELTA;
        }
    }

    private static void decipherRound(int[] v, int n, int[] k, int sum) {
        int e = sum >>> 2 & 3;
        int y = v[0];
        int z = v[n];
        for (int p = n; p > 0; p--) {
            int x = z;
            z = v[p - 1];
            y = x - mix(y, z, sum, k[p & 3 ^ e]);
            v[p] = y;
        }
        v[0] = z - mix(y, v[n], sum, k[e]);
    }

    private static int mix(int y, int z, int sum, int k) {
        return (z >>> 5 ^ y << 2) + (y >>> 3 ^ z << 4) ^ (sum ^ y) + (k ^ z);
    }
}
