package zship.flist.chunk;

import java.util.Comparator;
import java.util.List;
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
        int[] order = IntStream.range(0, ciphers.length).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> messages.get(i).length()).reversed())
                .mapToInt(i -> i).toArray();
        for (int at = 0; at < order.length; at++) {
            int i = order[at];
            Slice message = messages.get(i);
            if (at + 1 < order.length && Xxtea.isPair(message.length(), messages.get(order[at + 1]).length())) {
                int other = order[++at];
                Xxtea.Words a = Xxtea.Words.of(message, keys.get(i), scratch(Xxtea.encryptedLength(message.length())));
                Xxtea.Words b = Xxtea.Words.of(messages.get(other), keys.get(other), second(words.length));
                Xxtea.encipher(a, b);
                ciphers[i] = a.bytes();
                ciphers[other] = b.bytes();
            } else {
                ciphers[i] = encrypt(message, keys.get(i));
            }
        }
        return ciphers;
    }

    byte[] encrypt(Slice message, byte[] key) {
        return Xxtea.encrypt(message, key, scratch(Xxtea.encryptedLength(message.length())));
    }

    @Override
    public int[] decrypt(List<byte[]> ciphers, List<byte[]> keys) {
        int[] lengths = new int[ciphers.size()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = decrypt(ciphers.get(i), keys.get(i));
        }
        return lengths;
    }

    int decrypt(byte[] cipher, byte[] key) {
        return Xxtea.decrypt(cipher, key, scratch(cipher.length));
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
