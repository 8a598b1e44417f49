package zship.flist.chunk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;
import tools.jackson.databind.JsonNode;

import zship.flist.GoldenData;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Values that the real tool, store, libsnappy 1.1.9 and libb2 produced. */
class ChunkVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    private final JsonNode vectors = GoldenData.vectors();

    @Test
    void blake2bGivesRecordedDigests() {
        for (JsonNode vector : vectors.get("blake2b")) {
            byte[] input = vector.has("input_hex") ? hex(vector, "input_hex") : new byte[ChunkCodec.PIECE_SIZE];
            assertThat(Blake2b.hash128(input)).isEqualTo(hex(vector, "blake2b_128"));
            if (vector.has("blake2b_64")) {
                assertThat(Blake2b.hash64(input)).isEqualTo(hex(vector, "blake2b_64"));
            }
        }
    }

    @Test
    void blake2bAgreesWithBouncyCastleForEveryLengthAroundBlocks() {
        byte[] data = new byte[1100];
        new Random(1).nextBytes(data);
        for (int length = 0; length < 1030; length++) {
            int offset = length % 7;
            Blake2bDigest oracle = new Blake2bDigest(128);
            oracle.update(data, offset, length);
            byte[] expected = new byte[16];
            oracle.doFinal(expected, 0);
            assertThat(Blake2b.hash128(data, offset, length)).as("length %d", length).isEqualTo(expected);
        }
    }

    @Test
    void xxteaGivesRecordedCiphersAndBack() throws Exception {
        for (JsonNode vector : vectors.get("xxtea")) {
            byte[] key = hex(vector, "key");
            byte[] plain = vector.has("plain")
                    ? hex(vector, "plain")
                    : stream(vector.get("plain_stream_seed").asString(), vector.get("plain_length").asInt());
            byte[] cipher = Xxtea.encrypt(plain, key);
            if (vector.has("cipher")) {
                assertThat(cipher).isEqualTo(hex(vector, "cipher"));
            } else {
                assertThat(sha256(cipher)).isEqualTo(vector.get("cipher_sha256").asString());
            }
            assertThat(Xxtea.decrypt(cipher, key)).isEqualTo(plain);
        }
    }

    @Test
    void encodeGivesRecordedChunksAndBack() throws Exception {
        ChunkCodec codec = new ChunkCodec();
        int compared = 0;
        for (JsonNode vector : vectors.get("chunks")) {
            if (vector.has("plain")) {
                Chunk chunk = codec.encode(hex(vector, "plain"));
                assertThat(chunk.id()).hasToString(vector.get("id").asString());
                assertThat(chunk.block().key()).hasToString(vector.get("key").asString());
                assertThat(chunk.stored()).isEqualTo(hex(vector, "stored"));
                assertThat(codec.decode(chunk.block(), chunk.stored(), 1 << 20)).isEqualTo(hex(vector, "plain"));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
    }

    @Test
    void encodeWhenRepeatingRandomContentGivesRecordedIds() throws Exception {
        byte[] random = stream("golden-b", 3 * ChunkCodec.PIECE_SIZE);
        ChunkCodec codec = new ChunkCodec();
        for (JsonNode vector : vectors.get("chunks")) {
            if (vector.get("file").asString().equals("sizes/random-1536k")) {
                int offset = vector.get("offset").asInt();
                byte[] piece = Arrays.copyOfRange(random, offset, offset + ChunkCodec.PIECE_SIZE);
                assertThat(codec.encode(piece).id()).hasToString(vector.get("id").asString());
            }
        }
    }

    /** Another version of the library, or another library, would change chunk ids and end sharing with existing stores. */
    @Test
    void snappyGivesTheBytesOfLibsnappy() throws Exception {
        byte[][] inputs = {new byte[ChunkCodec.PIECE_SIZE], stream("golden-a", ChunkCodec.PIECE_SIZE)};
        for (int i = 0; i < inputs.length; i++) {
            byte[] compressed = Snappy.compress(inputs[i]);
            JsonNode vector = vectors.get("snappy").get(i);
            assertThat(compressed).hasSize(vector.get("snappy_length").asInt());
            assertThat(sha256(compressed)).isEqualTo(vector.get("snappy_sha256").asString());
        }
    }

    @Test
    void encodeWhenPieceIsZerosGivesTheKnownChunk() {
        Chunk chunk = new ChunkCodec().encode(new byte[ChunkCodec.PIECE_SIZE]);
        assertThat(chunk.id()).hasToString("4bce78b291e718e0fa7d0fd13b2f5fbf");
        assertThat(chunk.block().key()).hasToString("ee248c578df8ada5c3490485892f89fd");
        assertThat(chunk.stored()).hasSize(24_600);
    }

    @Test
    void decodeWhenAnyByteIsAlteredRefuses() {
        ChunkCodec codec = new ChunkCodec();
        Chunk chunk = codec.encode("some content that is stored".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < chunk.stored().length; i++) {
            byte[] altered = chunk.stored().clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> codec.decode(chunk.block(), altered, 1 << 20))
                    .isInstanceOf(CorruptChunkException.class);
        }
    }

    /** The id is recomputed, so only what lies behind it (cipher, compression, key) can be wrong. */
    @Test
    void decodeWhenContentIsHostileRefusesWithATypedError() {
        Random random = new Random(7);
        ChunkCodec codec = new ChunkCodec();
        for (int i = 0; i < 3000; i++) {
            byte[] snappy = new byte[random.nextInt(64)];
            random.nextBytes(snappy);
            byte[] key = new byte[16];
            random.nextBytes(key);
            byte[] stored = Xxtea.encrypt(snappy, key);
            Block block = new Block(ChunkCodec.idOf(stored), ChunkKey.of(key));
            assertThatThrownBy(() -> codec.decode(block, stored, 1 << 20)).isInstanceOf(CorruptChunkException.class);
        }
    }

    @Test
    void pieceCountWhenJustOverMultiplesKeepsTheTail() {
        assertThat(ChunkCodec.pieceCount(0)).isZero();
        assertThat(ChunkCodec.pieceCount(1)).isEqualTo(1);
        assertThat(ChunkCodec.pieceCount(16L << 20)).isEqualTo(32);
        assertThat(ChunkCodec.pieceCount((16L << 20) + 1)).isEqualTo(33);
        assertThat(ChunkCodec.pieceCount((64L << 20) + 3)).isEqualTo(129);
        assertThat(ChunkCodec.pieceCount((1L << 40) + 1)).isEqualTo((2 << 20) + 1);
    }

    static byte[] stream(String seed, int length) throws Exception {
        byte[] out = new byte[length];
        for (long i = 0; i * 32 < length; i++) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(seed.getBytes(StandardCharsets.US_ASCII));
            digest.update(ByteBuffer.allocate(8).putLong(i).array());
            byte[] block = digest.digest();
            System.arraycopy(block, 0, out, (int) i * 32, Math.min(32, length - (int) i * 32));
        }
        return out;
    }

    private static String sha256(byte[] data) throws Exception {
        return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    }

    private static byte[] hex(JsonNode vector, String field) {
        return HEX.parseHex(vector.get(field).asString());
    }
}
