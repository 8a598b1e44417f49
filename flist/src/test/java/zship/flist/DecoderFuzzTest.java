package zship.flist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkKey;
import zship.flist.chunk.CorruptChunkException;
import zship.flist.chunk.Xxtea;
import zship.flist.format.FlistPackage;
import zship.flist.format.MalformedFlistException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Damaged gzip streams, Snappy blocks and XXTEA messages: read, or refused with a typed error, and never anything else. */
class DecoderFuzzTest {
    private static final int ROUNDS = 4000;
    private static final byte[] KEY = Arrays.copyOf(new byte[]{1, 0, 3}, Xxtea.KEY_BYTES);

    private final Random random = new Random(31);

    /** Header, flags, blocks, checksum and length, all within reach of a change; an flist of nothing but zeros is small. */
    @Test
    void readWhenBytesOfGzipAreAlteredRefusesOrReads() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FlistPackage(new byte[3000], Optional.of("lookup: []\n")).write(out);
        byte[] whole = out.toByteArray();
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try {
                assertThat(FlistPackage.read(new ByteArrayInputStream(damage(whole))).database()).isNotNull();
            } catch (MalformedFlistException e) {
                assertThat(e.getMessage()).isNotEmpty();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    @Test
    void readWhenGzipIsCutAnywhereRefuses() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FlistPackage(new byte[3000], Optional.empty()).write(out);
        for (int length = 0; length < out.size(); length++) {
            byte[] cut = Arrays.copyOf(out.toByteArray(), length);
            assertThatThrownBy(() -> FlistPackage.read(new ByteArrayInputStream(cut))).as("%d bytes", length)
                    .isInstanceOf(MalformedFlistException.class);
        }
    }

    /** A gigabyte and a half of zeros in one and a half megabytes: what follows the archive is bounded too. */
    @Test
    void readWhenGzipGrowsAThousandfoldRefuses() throws Exception {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
            gzip.write(new byte[64 << 20]);
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        new FlistPackage(new byte[512], Optional.empty()).write(bomb);
        for (int i = 0; i < 24; i++) {
            bomb.writeBytes(member.toByteArray());
        }
        assertThatThrownBy(() -> FlistPackage.read(new ByteArrayInputStream(bomb.toByteArray())))
                .isInstanceOf(MalformedFlistException.class).hasMessageContaining("follow the archive");
    }

    /** Ids and cipher are right, so that the damage arrives at Snappy. */
    @Test
    void decodeWhenBytesOfSnappyBlocksAreAlteredRefuses() throws Exception {
        byte[] plain = new byte[6000];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i % 700 < 300 ? i : random.nextInt(256));
        }
        byte[] block = Snappy.compress(plain);
        ChunkKey key = ChunkCodec.keyOf(plain, 0, plain.length);
        ChunkCodec codec = new ChunkCodec();
        int read = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] damaged = damage(block);
            byte[] stored = Xxtea.encrypt(damaged, key.bytes());
            try {
                byte[] decoded = codec.decode(new Block(ChunkCodec.idOf(stored), key), stored, 1 << 20);
                assertThat(decoded).isEqualTo(plain);
                read++;
            } catch (CorruptChunkException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isLessThan(ROUNDS / 10);
    }

    @Test
    void decodeWhenSnappyPromisesMoreThanAPieceRefusesBeforeTakingMemory() {
        for (byte[] head : new byte[][]{{-1, -1, -1, -1, 7}, {-1, -1, -1, -1, 15}, {-128, -128, -128, 1}, {-1}}) {
            byte[] stored = Xxtea.encrypt(Arrays.copyOf(head, head.length + 20), KEY);
            Block block = new Block(ChunkCodec.idOf(stored), ChunkKey.of(KEY));
            assertThatThrownBy(() -> new ChunkCodec().decode(block, stored, ChunkCodec.PIECE_SIZE))
                    .isInstanceOf(CorruptChunkException.class);
        }
    }

    @Test
    void decryptWhenMessageIsDamagedRefusesOrGivesNoMoreThanTheMessage() throws Exception {
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] plain = new byte[random.nextInt(300)];
            random.nextBytes(plain);
            byte[] cipher = damage(Xxtea.encrypt(plain, KEY));
            try {
                assertThat(Xxtea.decrypt(cipher, KEY).length).isLessThan(cipher.length);
            } catch (CorruptChunkException e) {
                assertThat(e.getMessage()).contains(cipher.length + " bytes");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }

    /** What opens a file says which one. */
    @Test
    void openWhenGzipIsCutNamesTheFile(@TempDir Path work) throws IOException {
        byte[] whole = Files.readAllBytes(GoldenData.file("golden.flist"));
        Path file = Files.write(work.resolve("cut.flist"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Flist.open(file)).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.what()).contains(file.toString()));
    }

    private byte[] damage(byte[] original) {
        byte[] damaged = original.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }
}
