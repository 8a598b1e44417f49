package zship.flist.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The block cipher XXTEA ("Corrected Block TEA", Wheeler and Needham 1998) over a whole message, as the flist tools use it:
 * little-endian words, the message zero-padded to whole words and followed by one word that holds its length in bytes.
 */
public final class Xxtea {
    /** Bytes in a key. */
    public static final int KEY_BYTES = 16;

    static final int DELTA = 0x9E3779B9;
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Xxtea() {
    }

    /** The bytes that {@code length} plain bytes become: whole words and the length word. */
    public static int encryptedLength(int length) {
        return (length + 3) / 4 * 4 + 4;
    }

    /** {@code plain} enciphered with a 16-byte key. */
    public static byte[] encrypt(byte[] plain, byte[] key) {
        return encrypt(Slice.of(plain), key, new int[encryptedLength(plain.length) / 4]);
    }

    /**
     * {@code message} enciphered.
     *
     * @param words scratch space of at least {@code encryptedLength(length) / 4} words
     */
    static byte[] encrypt(Slice message, byte[] key, int[] words) {
        Words plain = Words.of(message, key, words);
        encipher(plain.words, plain.last, plain.key);
        return plain.bytes();
    }

    /**
     * The inverse of {@link #encrypt(byte[], byte[])}.
     *
     * @throws CorruptChunkException when {@code cipher} was not made with this key
     */
    public static byte[] decrypt(byte[] cipher, byte[] key) throws CorruptChunkException {
        byte[] plain = new byte[cipher.length];
        int length = decrypt(Slice.of(cipher), Slice.of(plain), key, new int[cipher.length / 4]);
        if (length < 0) {
            throw new CorruptChunkException("the key does not decipher these " + cipher.length + " bytes");
        }
        return Arrays.copyOf(plain, length);
    }

    /**
     * Deciphers {@code message} and returns the number of bytes that count, or -1 when the key does not fit.
     *
     * @param target where the padded plain bytes go, of the same length; may be the message itself
     * @param words scratch space of at least {@code message.length() / 4} words
     */
    static int decrypt(Slice message, Slice target, byte[] key, int[] words) {
        if (!isCipherLength(message.length())) {
            return -1;
        }
        Words cipher = Words.ofCipher(message, key, words);
        decipher(cipher.words, cipher.last, cipher.key);
        cipher.copyTo(target);
        return plainLength(target);
    }

    /** Whether a message of so many bytes can come out of {@link #encrypt(byte[], byte[])}. */
    static boolean isCipherLength(int bytes) {
        return bytes >= 8 && bytes % 4 == 0;
    }

    /** The length that the last word of a deciphered message states, or -1 when it cannot be right. */
    static int plainLength(Slice deciphered) {
        int padded = deciphered.length() - 4;
        int length = (int) INT.get(deciphered.array(), deciphered.offset() + padded);
        return length > padded || length < padded - 3 ? -1 : length;
    }

    /** The last word of a message whose length is not a whole number of words, padded with zeros. */
    static int tailWord(Slice message) {
        int word = 0;
        int rest = message.length() % 4;
        for (int i = 0; i < rest; i++) {
            word |= (message.array()[message.offset() + message.length() - rest + i] & 0xff) << 8 * i;
        }
        return word;
    }

    static int[] keyWords(byte[] key) {
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

    /** A message in words, with its length word last, and its key in words. */
    record Words(int[] words, int last, int[] key) {
        /** {@code message}, in an array of at least {@code encryptedLength / 4} words. */
        static Words of(Slice message, byte[] key, int[] words) {
            int length = message.length();
            int last = encryptedLength(length) / 4 - 1;
            int whole = length / 4;
            ints(message).get(words, 0, whole);
            if (whole < last) {
                words[whole] = tailWord(message);
            }
            words[last] = length;
            return new Words(words, last, keyWords(key));
        }

        /** A message that was enciphered, in an array of at least as many words. */
        static Words ofCipher(Slice message, byte[] key, int[] words) {
            int count = message.length() / 4;
            ints(message).get(words, 0, count);
            return new Words(words, count - 1, keyWords(key));
        }

        byte[] bytes() {
            byte[] bytes = new byte[4 * (last + 1)];
            copyTo(Slice.of(bytes));
            return bytes;
        }

        void copyTo(Slice message) {
            ints(message).put(words, 0, last + 1);
        }

        private static IntBuffer ints(Slice message) {
            return ByteBuffer.wrap(message.array(), message.offset(), message.length()).order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
        }

        private int rounds() {
            return Xxtea.rounds(last + 1);
        }
    }

    /** Whether two messages of so many enciphered bytes can be worked on side by side: they need as many rounds. */
    static boolean isPair(int length, int otherLength) {
        return isCipherLength(length) && isCipherLength(otherLength)
                && rounds(length / 4) == rounds(otherLength / 4);
    }

    /** Enciphers two messages that make a pair side by side, which keeps the processor busier; {@code a} is not the shorter one. */
    static void encipher(Words a, Words b) {
        int sum = 0;
        for (int round = a.rounds(); round > 0; round--) {
            sum += DELTA;
            encipherRound(a, b, sum);
        }
    }

    /** The words of a key in the order in which a round uses them. */
    private record RoundKeys(int k0, int k1, int k2, int k3) {
        static RoundKeys of(int[] key, int sum) {
            int e = sum >>> 2 & 3;
            return new RoundKeys(key[e], key[1 ^ e], key[2 ^ e], key[3 ^ e]);
        }

        /** The one for word {@code p}. */
        int at(int p) {
            return switch (p & 3) {
                case 0 -> k0;
                case 1 -> k1;
                case 2 -> k2;
                default -> k3;
            };
        }
    }

    /** Four words of each at a time: their keys are the same for each four, and the two chains of four are independent. */
    private static void encipherRound(Words a, Words b, int sum) {
        int[] v = a.words;
        int[] w = b.words;
        RoundKeys k = RoundKeys.of(a.key, sum);
        RoundKeys l = RoundKeys.of(b.key, sum);
        int z = v[a.last];
        int zz = w[b.last];
        int p = 0;
        for (; p <= b.last - 4; p += 4) {
            z = v[p] + mix(v[p + 1], z, sum, k.k0);
            zz = w[p] + mix(w[p + 1], zz, sum, l.k0);
            v[p] = z;
            w[p] = zz;
            z = v[p + 1] + mix(v[p + 2], z, sum, k.k1);
            zz = w[p + 1] + mix(w[p + 2], zz, sum, l.k1);
            v[p + 1] = z;
            w[p + 1] = zz;
            z = v[p + 2] + mix(v[p + 3], z, sum, k.k2);
            zz = w[p + 2] + mix(w[p + 3], zz, sum, l.k2);
            v[p + 2] = z;
            w[p + 2] = zz;
            z = v[p + 3] + mix(v[p + 4], z, sum, k.k3);
            zz = w[p + 3] + mix(w[p + 4], zz, sum, l.k3);
            v[p + 3] = z;
            w[p + 3] = zz;
        }
        encipherRest(w, p, b.last, zz, l, sum);
        encipherRest(v, p, a.last, z, k, sum);
    }

    /** The words from {@code from} on. */
    private static void encipherRest(int[] v, int from, int n, int before, RoundKeys k, int sum) {
        int z = before;
        for (int p = from; p < n; p++) {
            z = v[p] + mix(v[p + 1], z, sum, k.at(p));
            v[p] = z;
        }
        v[n] += mix(v[0], z, sum, k.at(n));
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

    /** Deciphers two messages that make a pair side by side; {@code a} is not the shorter one. */
    static void decipher(Words a, Words b) {
        for (int sum = a.rounds() * DELTA; sum != 0; sum -= DELTA) {
            decipherRound(a, b, sum);
        }
    }

    private static void decipherRound(Words a, Words b, int sum) {
        int[] v = a.words;
        int[] w = b.words;
        RoundKeys k = RoundKeys.of(a.key, sum);
        RoundKeys l = RoundKeys.of(b.key, sum);
        int k0 = k.k0;
        int k1 = k.k1;
        int k2 = k.k2;
        int k3 = k.k3;
        int l0 = l.k0;
        int l1 = l.k1;
        int l2 = l.k2;
        int l3 = l.k3;
        // The last word of the block of four that both have whole, and the word before it.
        int p = Math.max(0, (b.last & ~3) - 1);
        int y = decipherRest(v, a.last, p, v[0], k, sum);
        int yy = decipherRest(w, b.last, p, w[0], l, sum);
        for (; p >= 4; p -= 4) {
            y = v[p] - mix(y, v[p - 1], sum, k3);
            yy = w[p] - mix(yy, w[p - 1], sum, l3);
            v[p] = y;
            w[p] = yy;
            y = v[p - 1] - mix(y, v[p - 2], sum, k2);
            yy = w[p - 1] - mix(yy, w[p - 2], sum, l2);
            v[p - 1] = y;
            w[p - 1] = yy;
            y = v[p - 2] - mix(y, v[p - 3], sum, k1);
            yy = w[p - 2] - mix(yy, w[p - 3], sum, l1);
            v[p - 2] = y;
            w[p - 2] = yy;
            y = v[p - 3] - mix(y, v[p - 4], sum, k0);
            yy = w[p - 3] - mix(yy, w[p - 4], sum, l0);
            v[p - 3] = y;
            w[p - 3] = yy;
        }
        v[0] -= mix(decipherRest(v, p, 0, y, k, sum), v[a.last], sum, k0);
        w[0] -= mix(decipherRest(w, p, 0, yy, l, sum), w[b.last], sum, l0);
    }

    /** The words from {@code from} down to the one after {@code to}; returns the last one made. */
    private static int decipherRest(int[] v, int from, int to, int after, RoundKeys k, int sum) {
        int y = after;
        for (int p = from; p > to; p--) {
            y = v[p] - mix(y, v[p - 1], sum, k.at(p));
            v[p] = y;
        }
        return y;
    }

    static int mix(int y, int z, int sum, int k) {
        return (z >>> 5 ^ y << 2) + (y >>> 3 ^ z << 4) ^ (sum ^ y) + (k ^ z);
    }
}
