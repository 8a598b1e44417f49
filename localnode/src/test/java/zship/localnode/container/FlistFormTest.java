package zship.localnode.container;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.format.FlistPackage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlistFormTest {
    private static final long SMALL = 1 << 20;

    @TempDir
    private Path folder;

    private interface Compression {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] flist() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FlistPackage(new byte[3000], Optional.of("lookup: []\n")).write(out);
        return out.toByteArray();
    }

    private static byte[] tar() throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(flist())).readAllBytes();
    }

    private static byte[] compressed(byte[] content, Compression compression) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream inner = compression.over(out)) {
            inner.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] bzip2(byte[] content) throws IOException {
        return compressed(content, BZip2CompressorOutputStream::new);
    }

    private Path normalised(String name, byte[] content) throws Exception {
        Path file = Files.write(folder.resolve("file"), content);
        FlistForm.normalise("http://hub/" + name, file, SMALL);
        return file;
    }

    private void assertRefused(String name, byte[] content, String reason) throws Exception {
        assertThatThrownBy(() -> normalised(name, content)).as(name).isInstanceOf(RootException.class)
                .hasMessage(reason);
        assertThat(folder).as("files").isDirectoryNotContaining("glob:**.gz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.bz2", "a.TBZ2?query=1", "a.flist.bz2"})
    void flistCompressedByBzip2IsTaken(String name) throws Exception {
        Path file = normalised(name, bzip2(tar()));
        assertThat(FlistPackage.read(Files.newInputStream(file)).router()).hasValue("lookup: []\n");
    }

    @Test
    void severalStreamsOfBzip2AreOne() throws Exception {
        byte[] tar = tar();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(bzip2(Arrays.copyOf(tar, 1000)));
        both.writeBytes(bzip2(Arrays.copyOfRange(tar, 1000, tar.length)));
        Path file = normalised("a.bz2", both.toByteArray());
        assertThat(FlistPackage.read(Files.newInputStream(file)).database()).hasSize(3000);
    }

    @Test
    void plainArchiveAndGzipAreTaken() throws Exception {
        assertThat(FlistPackage.read(Files.newInputStream(normalised("a.tar", tar()))).database()).hasSize(3000);
        assertThat(normalised("a.flist", flist())).hasBinaryContent(flist());
    }

    @Test
    void whatIsNoneOfThemIsRefusedInTheNodesWords() throws Exception {
        assertRefused("base.bz2", flist(), "bzip2 data invalid: bad magic value");
        assertRefused("base.bz2", new byte[0], "unexpected EOF");
        assertRefused("base.bz2", new byte[]{'B', 'Z'}, "unexpected EOF");
        assertRefused("base.bz2", Arrays.copyOf(bzip2(tar()), 60), "unexpected EOF");
        assertRefused("base.bz2", bzip2(new byte[100]), "unexpected EOF");
        assertRefused("base.bz2", bzip2(new byte[1000]), "archive/tar: invalid tar header");
        assertRefused("base.gz", tar(), "gzip: invalid header");
        assertRefused("base.gz", Arrays.copyOf(flist(), 60), "unexpected EOF");
        assertRefused("base.gz", Arrays.copyOf(flist(), flist().length + 1), "unexpected EOF");
        assertRefused("base.zip", flist(), "unknown flist format .zip");
    }

    @Test
    void damagedBzip2IsRefusedOrTaken() throws Exception {
        byte[] whole = bzip2(tar());
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                normalised("a.bz2", Arrays.copyOf(damaged, random.nextInt(damaged.length) + 1));
            } catch (RootException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void bombOfAnyFormIsRefusedAtTheBound() throws Exception {
        byte[] bomb = Arrays.copyOf(tar(), 8 << 20);
        String reason = "flist holds more than " + SMALL + " bytes";
        assertRefused("a.flist", compressed(bomb, GZIPOutputStream::new), reason);
        assertRefused("a.bz2", bzip2(bomb), reason);
        assertRefused("a.tar", bomb, reason);
    }
}
