package zship.flist.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Two messages side by side come out as each does alone, which other tests hold against the real tool. */
class PlainKernelsTest {
    private static final int[] MOST_BYTES = {20, 600};

    private final Random random = new Random(11);
    private final Kernels kernels = new PlainKernels();
    private final Scratch scratch = new Scratch();

    @Test
    void messagesOfAnyLengthsAreEncipheredAndDecipheredAsAlone() throws CorruptChunkException {
        for (int round = 0; round < 2000; round++) {
            List<byte[]> plain = new ArrayList<>();
            List<byte[]> keys = new ArrayList<>();
            for (int i = 0; i < 1 + round % 7; i++) {
                plain.add(bytes(1 + random.nextInt(MOST_BYTES[round % 2])));
                keys.add(bytes(Xxtea.KEY_BYTES));
            }
            byte[][] ciphers = kernels.encrypt(plain.stream().map(Slice::of).toList(), keys);
            for (int i = 0; i < ciphers.length; i++) {
                assertThat(ciphers[i]).isEqualTo(Xxtea.encrypt(plain.get(i), keys.get(i)));
            }
            List<Slice> adjacent = Stream.of(ciphers).map(cipher -> scratch.take(cipher.length)).toList();
            int[] lengths = kernels.decrypt(Slice.ofEach(ciphers), adjacent, keys);
            for (int i = 0; i < ciphers.length; i++) {
                assertThat(Arrays.copyOf(adjacent.get(i).copy(), lengths[i])).isEqualTo(plain.get(i));
            }
            scratch.clear();
        }
    }

    @Test
    void messageThatIsNoCipherOrHasAnotherKeyIsRefusedAlone() {
        byte[] plain = bytes(300);
        byte[] key = bytes(Xxtea.KEY_BYTES);
        byte[] cipher = Xxtea.encrypt(plain, key);
        List<Slice> ciphers = Slice.ofEach(cipher.clone(), new byte[7], cipher.clone(), new byte[4], cipher.clone());
        byte[] other = bytes(Xxtea.KEY_BYTES);
        assertThat(kernels.decrypt(ciphers, ciphers, List.of(key, key, other, key, key)))
                .containsExactly(300, -1, -1, -1, 300);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
