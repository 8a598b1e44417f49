package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.FlistException;
import zship.flist.store.MemoryStore;
import zship.flist.tar.UstarWriter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tars and layers of images that are compressed with zstd: sound ones give what plain ones give, others are named. */
class ZstdArchiveTest {
    private static final String PLAIN = "application/vnd.oci.image.layer.v1.tar";
    private static final int CONTENT = 700_000;

    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    @Test
    void packOfATarGivesWhatThePlainOneGives() throws Exception {
        byte[] tar = tar(1);
        assertThat(pack(compressed(tar)).sha256()).isEqualTo(pack(tar).sha256());
    }

    @Test
    void packOfAnImageGivesWhatPlainLayersGive() throws Exception {
        byte[] first = tar(1);
        byte[] second = tar(2);
        List<byte[]> layers = List.of(compressed(first), compressed(second));
        String expected = pack(ImageTars.oci(List.of(first, second), PLAIN)).sha256();
        assertThat(pack(ImageTars.oci(layers, PLAIN + "+zstd")).sha256()).isEqualTo(expected);
        assertThat(pack(ImageTars.oci(layers, PLAIN)).sha256()).as("known by its first bytes").isEqualTo(expected);
        assertThat(pack(ImageTars.docker(layers)).sha256()).isEqualTo(expected);
        assertThat(pack(compressed(ImageTars.oci(layers, PLAIN + "+zstd"))).sha256()).isEqualTo(expected);
    }

    /** As containers/storage writes layers that can be fetched in parts: a frame for each file, and an index to be skipped. */
    @Test
    void packOfSeveralFramesReadsThemAll() throws Exception {
        byte[] tar = tar(1);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += 100_000) {
            frames.writeBytes(compressed(Arrays.copyOfRange(tar, at, Math.min(tar.length, at + 100_000))));
        }
        frames.writeBytes(toBeSkipped(0));
        assertThat(pack(ImageTars.oci(List.of(frames.toByteArray()), PLAIN)).sha256()).isEqualTo(pack(tar).sha256());
    }

    /** pzstd says in front of each frame how long it is. */
    @Test
    void packOfFramesWithOthersToBeSkippedInFrontReadsThem() throws Exception {
        byte[] tar = tar(1);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int half = 0; half < 2; half++) {
            frames.writeBytes(toBeSkipped(half * 15));
            frames.writeBytes(compressed(Arrays.copyOfRange(tar, half * 100_000, half == 0 ? 100_000 : tar.length)));
        }
        assertThat(pack(frames.toByteArray()).sha256()).isEqualTo(pack(tar).sha256());
    }

    private static byte[] toBeSkipped(int kind) {
        return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(0x184d2a50 + kind).putInt(4).array();
    }

    @Test
    void packOfALayerThatIsCutNamesIt() throws Exception {
        byte[] whole = compressed(tar(1));
        for (int length : new int[]{4, 6, 100, whole.length / 2, whole.length - 4, whole.length - 1}) {
            assertRefused(Arrays.copyOf(whole, length), "");
        }
    }

    @Test
    void packOfALayerWithAWrongChecksumNamesIt() throws Exception {
        byte[] layer = compressed(tar(1));
        layer[layer.length - 1] ^= 1;
        assertRefused(layer, "checksum");
    }

    @Test
    void packOfALayerThatIsFollowedBySomethingElseNamesIt() throws Exception {
        byte[] layer = compressed(tar(1));
        byte[] longer = Arrays.copyOf(layer, layer.length + 20);
        Arrays.fill(longer, layer.length, longer.length, (byte) 'x');
        assertRefused(longer, "damaged");
    }

    @Test
    void packOfALayerWithAHugeWindowRefusesBeforeTakingMemory() throws Exception {
        for (int exponent : new int[]{18, 21, 31}) {
            byte[] layer = compressed(tar(1));
            // No content size, and a window of 2^(10 + exponent) bytes.
            byte[] huge = {layer[0], layer[1], layer[2], layer[3], 0, (byte) (exponent << 3), 1, 0, 0};
            assertRefused(huge, "a zstd window of more than 128 MiB");
        }
    }

    @Test
    void packOfALayerWithTheLargestWindowReadsIt() throws Exception {
        byte[] tar = tar(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out).setLong(27)) {
            zstd.write(tar);
        }
        assertThat(out.toByteArray()[5]).as("window").isEqualTo((byte) (17 << 3));
        assertThat(pack(ImageTars.oci(List.of(out.toByteArray()), PLAIN)).sha256()).isEqualTo(pack(tar).sha256());
    }

    /** A gibibyte of zeros in a few kilobytes. */
    @Test
    void packOfALayerThatGoesOnForEverEnds() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.writeBytes(compressed(tar(1)));
        byte[] zeros = compressed(new byte[64 << 20]);
        for (int i = 0; i < 17; i++) {
            bomb.writeBytes(zeros);
        }
        assertThat(bomb.size()).isLessThan(CONTENT + (1 << 20));
        assertRefused(bomb.toByteArray(), "follow the archive");
    }

    @Test
    void packOfALayerOfNothingButNamesEnds() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UstarWriter tar = new UstarWriter(out);
        for (int i = 0; i < 5000; i++) {
            tar.file("name-" + i, new byte[0], 0);
        }
        tar.finish();
        Path image = Files.write(work.resolve("names"), ImageTars.oci(List.of(compressed(out.toByteArray())), PLAIN));
        PackOptions small = PackOptions.DEFAULT.withLargestTree(1 << 20);
        assertThatThrownBy(() -> new Packer(store, PackEvents.none()).pack(image, work.resolve("x"), small))
                .isInstanceOf(FlistException.class).hasMessageContaining("more entries than fit");
    }

    private void assertRefused(byte[] layer, String why) throws IOException {
        byte[] image = ImageTars.oci(List.of(tar(2), layer), PLAIN + "+zstd");
        assertThatThrownBy(() -> pack(image)).as("%d bytes", layer.length)
                .isInstanceOfSatisfying(FlistException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
                    assertThat(e.what()).contains(ImageTars.place(layer), "image.tar");
                    assertThat(e.why()).contains(why);
                });
        assertThat(work.resolve("flist")).doesNotExist();
    }

    private PackedFlist pack(byte[] archive) throws IOException {
        Path source = Files.write(work.resolve("image.tar"), archive);
        return new Packer(store, PackEvents.none()).pack(source, work.resolve("flist"), PackOptions.DEFAULT);
    }

    private static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out).setChecksum(true)) {
            zstd.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] tar(int seed) throws IOException {
        byte[] content = new byte[CONTENT];
        new Random(seed).nextBytes(content);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        UstarWriter tar = new UstarWriter(out);
        tar.file("etc/both", Integer.toString(seed).getBytes(StandardCharsets.UTF_8), 0);
        tar.file("random-" + seed, content, 0);
        tar.finish();
        return out.toByteArray();
    }
}
