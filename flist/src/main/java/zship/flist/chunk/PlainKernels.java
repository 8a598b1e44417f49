package zship.flist.chunk;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** One message after the other, or two side by side, on any machine. */
final class PlainKernels implements Kernels {
    private int[] words = new int[0];
    private int[] secondWords = new int[0];

    @Override
    public byte[][] hash128(List<Slice> messages) {
        byte[][] digests = new byte[messages.size()][];
        for (int i = 0; i < digests.length; i++) {
            Slice message = messages.get(i);
            digests[i] = Blake2b.hash128(message.array(), message.offset(), message.length());
        }
        return digests;
    }

    @Override
    public byte[][] encrypt(List<Slice> messages, List<byte[]> keys) {
        byte[][] ciphers = new byte[messages.size()][];
        int[] lengths = messages.stream().mapToInt(message -> Xxtea.encryptedLength(message.length())).toArray();
        inPairs(lengths, (one, other) -> {
            Xxtea.Words a = Xxtea.Words.of(messages.get(one), keys.get(one), scratch(lengths[one]));
            Xxtea.Words b = Xxtea.Words.of(messages.get(other), keys.get(other), second(words.length));
            Xxtea.encipher(a, b);
            ciphers[one] = a.bytes();
            ciphers[other] = b.bytes();
        }, i -> ciphers[i] = encrypt(messages.get(i), keys.get(i)));
        return ciphers;
    }

    byte[] encrypt(Slice message, byte[] key) {
        return Xxtea.encrypt(message, key, scratch(Xxtea.encryptedLength(message.length())));
    }

    @Override
    public int[] decrypt(List<Slice> ciphers, List<Slice> targets, List<byte[]> keys) {
        int[] plain = new int[ciphers.size()];
        int[] lengths = ciphers.stream().mapToInt(Slice::length).toArray();
        inPairs(lengths, (one, other) -> {
            Xxtea.Words a = Xxtea.Words.ofCipher(ciphers.get(one), keys.get(one), scratch(lengths[one]));
            Xxtea.Words b = Xxtea.Words.ofCipher(ciphers.get(other), keys.get(other), second(words.length));
            Xxtea.decipher(a, b);
            a.copyTo(targets.get(one));
            b.copyTo(targets.get(other));
            plain[one] = Xxtea.plainLength(targets.get(one));
            plain[other] = Xxtea.plainLength(targets.get(other));
        }, i -> plain[i] = decrypt(ciphers.get(i), targets.get(i), keys.get(i)));
        return plain;
    }

    int decrypt(Slice cipher, Slice target, byte[] key) {
        return Xxtea.decrypt(cipher, target, key, scratch(cipher.length()));
    }

    /** What is done to two messages, of which the first is not the shorter one. */
    private interface Both {
        void with(int one, int other);
    }

    /** Goes through messages of so many enciphered bytes, longest first: two side by side wherever they make a pair. */
    private static void inPairs(int[] lengths, Both pair, IntConsumer single) {
        int[] order = IntStream.range(0, lengths.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> lengths[i]).reversed()).mapToInt(i -> i).toArray();
        for (int at = 0; at < order.length; at++) {
            int i = order[at];
            if (at + 1 < order.length && Xxtea.isPair(lengths[i], lengths[order[at + 1]])) {
                pair.with(i, order[++at]);
            } else {
                single.accept(i);
            }
        }
    }

    private int[] second(int length) {
        if (secondWords.length < length) {
            secondWords = new int[length];
        }
        return secondWords;
    }

    private int[] scratch(int bytes) {
        if (words.length < bytes / 4) {
            words = new int[bytes / 4];
        }
        return words;
    }
}
