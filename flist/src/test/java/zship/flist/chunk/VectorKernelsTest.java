package zship.flist.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import zship.flist.GoldenData;

import static org.assertj.core.api.Assertions.assertThat;

/** Vectors must give the bytes of the plain way, which other tests hold against the real tool. */
class VectorKernelsTest {
    private static final int[] ODD_LENGTHS = {0, 1, 3, 4, 127, 128, 129, 203, 204, 205, 207, 208, 209, 212, 255, 256,
        257, 383, 384, 385, 1023, 1024, 4095, 4096, 4097, 65_537};

    private final Random random = new Random(5);
    private final Kernels plain = new PlainKernels();

    @BeforeAll
    static void loadModule() {
        assertThat(VectorTrial.isAvailable()).as("the JVM exports jdk.internal.module").isTrue();
    }

    @Test
    void hashesAndCiphersAreThoseOfThePlainWayForAnyMixOfLengths() {
        Kernels vectors = new VectorKernels();
        for (int round = 0; round < 60; round++) {
            compare(vectors, lengths(1 + random.nextInt(40), round % 3));
        }
        compare(vectors, ODD_LENGTHS);
        compare(vectors, new int[]{ChunkCodec.PIECE_SIZE, 300, ChunkCodec.PIECE_SIZE, ChunkCodec.PIECE_SIZE - 1,
            ChunkCodec.PIECE_SIZE, 500_000, 0});
    }

    @Test
    void ciphersAreThoseOfThePlainWayWhereMessagesPaddedToOneLengthDifferInTheirLastWord() {
        Kernels vectors = new VectorKernels();
        for (int words = 52; words < 400; words++) {
            for (int first = 1; first <= 4; first++) {
                int[] lengths = {4 * words + first, 4 * words + 4, 4 * words + 3, 4 * words + 1, 4 * words};
                compare(vectors, lengths);
            }
        }
    }

    @Test
    void decryptWhenOneKeyIsWrongRefusesThatMessageAlone() {
        List<Slice> messages = messages(new int[]{4000, 4000, 4000, 3999, 20});
        List<byte[]> keys = keys(messages.size());
        List<Slice> ciphers = Slice.ofEach(plain.encrypt(messages, keys));
        List<byte[]> others = new ArrayList<>(keys);
        others.set(1, new byte[Xxtea.KEY_BYTES]);
        assertThat(new VectorKernels().decrypt(ciphers, ciphers, others)).containsExactly(4000, -1, 4000, 3999, 20);
    }

    @Test
    void decryptWhenLengthIsImpossibleRefusesThatMessageAlone() {
        byte[] good = plain.encrypt(messages(new int[]{1000}), keys(1))[0];
        List<Slice> messages = Slice.ofEach(new byte[7], good, new byte[4], new byte[0]);
        assertThat(new VectorKernels().decrypt(messages, messages,
                List.of(new byte[16], key(0), new byte[16], new byte[16]))).containsExactly(-1, 1000, -1, -1);
    }

    @Test
    void encodeGivesRecordedIdsForAllPiecesAtOnce() {
        List<Slice> pieces = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (JsonNode vector : GoldenData.vectors().get("chunks")) {
            if (vector.has("plain")) {
                pieces.add(Slice.of(HexFormat.of().parseHex(vector.get("plain").asString())));
                ids.add(vector.get("id").asString());
            }
        }
        for (int i = 0; i < 20; i++) {
            pieces.add(Slice.of(new byte[ChunkCodec.PIECE_SIZE]));
            ids.add("4bce78b291e718e0fa7d0fd13b2f5fbf");
        }
        try (VectorTrial trial = new VectorTrial()) {
            trial.win();
            ChunkCodec codec = new ChunkCodec(trial);
            List<Chunk> chunks = codec.encode(pieces, codec.keysOf(pieces));
            assertThat(chunks).extracting(chunk -> chunk.id().toString()).isEqualTo(ids).hasSizeGreaterThan(70);
        }
    }

    private void compare(Kernels vectors, int[] lengths) {
        List<Slice> messages = messages(lengths);
        List<byte[]> keys = keys(lengths.length);
        assertThat(vectors.hash128(messages)).as("hashes of %s", Arrays.toString(lengths))
                .isDeepEqualTo(plain.hash128(messages));
        byte[][] ciphers = vectors.encrypt(messages, keys);
        assertThat(ciphers).as("ciphers of %s", Arrays.toString(lengths)).isDeepEqualTo(plain.encrypt(messages, keys));
        Scratch scratch = new Scratch();
        List<Slice> adjacent = Stream.of(ciphers).map(cipher -> scratch.take(cipher.length)).toList();
        assertThat(vectors.decrypt(Slice.ofEach(ciphers), adjacent, keys)).isEqualTo(
                IntStream.of(lengths).map(length -> length == 0 ? -1 : length).toArray());
        for (int i = 0; i < lengths.length; i++) {
            assertThat(Arrays.copyOf(adjacent.get(i).copy(), lengths[i])).isEqualTo(messages.get(i).copy());
        }
    }

    /** Lengths that are close together, far apart, or mostly equal. */
    private int[] lengths(int count, int kind) {
        return random.ints(count, 0, 40_000).map(i -> switch (kind) {
            case 0 -> i;
            case 1 -> 8000 + i % 50;
            default -> i % 5 == 0 ? i : 5000;
        }).toArray();
    }

    private List<Slice> messages(int[] lengths) {
        List<Slice> messages = new ArrayList<>();
        for (int length : lengths) {
            int offset = random.nextInt(9);
            byte[] array = new byte[offset + length + random.nextInt(9)];
            random.nextBytes(array);
            messages.add(new Slice(array, offset, length));
        }
        return messages;
    }

    private static List<byte[]> keys(int count) {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(key(i));
        }
        return keys;
    }

    private static byte[] key(int seed) {
        byte[] key = new byte[Xxtea.KEY_BYTES];
        new Random(seed).nextBytes(key);
        return key;
    }
}
