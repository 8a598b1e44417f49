package zship.flist.chunk;

import java.util.List;

/** One message after the other, on any machine. */
final class PlainKernels implements Kernels {
    private int[] words = new int[0];

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
        for (int i = 0; i < ciphers.length; i++) {
            ciphers[i] = encrypt(messages.get(i), keys.get(i));
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

    private int[] scratch(int bytes) {
        if (words.length < bytes / 4) {
            words = new int[bytes / 4];
        }
        return words;
    }
}
