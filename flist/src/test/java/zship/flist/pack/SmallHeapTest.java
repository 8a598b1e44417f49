package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Flist;
import zship.flist.chunk.ChunkCodec;
import zship.flist.store.DiscardingStore;
import zship.flist.tar.UstarWriter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Inputs with more content than there is memory, packed by another JVM with a small heap: the flist is the one that this JVM
 * makes. All pieces are different, but most are alike in themselves, so that archives are made and read quickly.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SmallHeapTest {
    /** With the options of the launcher. */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:NewSize=128m",
            "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED");
    /** 264 MiB. */
    private static final int PIECES = 528;

    @TempDir
    private Path work;

    /** Packs its first argument to its second and prints the digest of the flist; with a third, reads it and writes it again. */
    public static void main(String[] arguments) {
        System.out.println(pack(Path.of(arguments[0]), Path.of(arguments[1])));
        if (arguments.length > 2) {
            Flist.open(Path.of(arguments[1])).write(Path.of(arguments[1]));
        }
    }

    @Test
    void tarInGzipIsPacked() throws Exception {
        Path archive = work.resolve("large.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            tar(out, 1, PIECES);
        }
        assertSame(archive);
    }

    /** The windows of zstd are outside of the heap, and as large as any can be. */
    @Test
    void imageOfSeveralLayersIsPacked() throws Exception {
        List<byte[]> layers = new ArrayList<>();
        for (int seed = 2; seed < 5; seed++) {
            ByteArrayOutputStream layer = new ByteArrayOutputStream();
            try (OutputStream out = seed == 3
                    ? new GZIPOutputStream(layer)
                    : new ZstdOutputStreamNoFinalizer(layer).setLong(27)) {
                tar(out, seed, PIECES / 3);
            }
            layers.add(layer.toByteArray());
        }
        assertSame(Files.write(work.resolve("image.tar"), ImageTars.oci(layers, "layer")));
    }

    /** Contents that neither compress nor repeat, so that much waits to be sent. */
    @Test
    void directoryOfLargeFilesIsPacked() throws Exception {
        Path tree = Files.createDirectory(work.resolve("tree"));
        byte[] piece = new byte[ChunkCodec.PIECE_SIZE];
        new Random(5).nextBytes(piece);
        for (int file = 0; file < 2; file++) {
            try (OutputStream out = Files.newOutputStream(tree.resolve("large-" + file))) {
                for (int i = 0; i < PIECES / 2; i++) {
                    ByteBuffer.wrap(piece).putInt(file).putInt(i);
                    out.write(piece);
                }
            }
        }
        assertSame(tree);
    }

    /**
     * All different, so that the names and chunks of all have to be kept in the tree that is read; each folder is one value of
     * the flist.
     */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1_000_000})
    void archiveOfManyFilesIsPackedAndItsFlistReadAndChanged(int filesInFolder) throws Exception {
        assertSame(archive(240_000, filesInFolder), OPTIONS, "read");
    }

    /** Their names, rights and chunks take some 100 MB in memory, and as much again when the flist is made. */
    @Test
    void archiveOfMoreFilesThanTheHeapHasRoomForIsPacked() throws Exception {
        assertSame(archive(300_000, 1000), List.of("-Xmx48m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED"));
    }

    private Path archive(int files, int filesInFolder) throws IOException {
        Path archive = work.resolve("many.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            UstarWriter tar = new UstarWriter(out);
            for (int i = 0; i < files; i++) {
                tar.file("folder-%03d/file-with-name-%06d".formatted(i / filesInFolder, i),
                        Integer.toString(i).getBytes(StandardCharsets.US_ASCII), i);
            }
            tar.finish();
        }
        return archive;
    }

    /** Records for all members that follow, in headers that go on for longer than there is memory. */
    @Test
    void globalHeadersWithoutEndAreNotKept() throws Exception {
        Path archive = work.resolve("global.tar.zst");
        String record = " key-%%=" + "x".repeat(1_000_000) + "\n";
        byte[] header = member("global", record.length() + 7 + record);
        header[156] = 'g';
        PackFuzzTest.sign(header, 0);
        int key = new String(header, StandardCharsets.ISO_8859_1).indexOf('%');
        try (OutputStream out = new ZstdOutputStreamNoFinalizer(Files.newOutputStream(archive))) {
            for (int i = 0; i < 280; i++) {
                header[key] = (byte) ('a' + i % 20);
                header[key + 1] = (byte) ('a' + i / 20);
                out.write(header);
            }
            out.write(member("file", "content"));
        }
        assertSame(archive);
    }

    private void assertSame(Path source) throws Exception {
        assertSame(source, OPTIONS, "read");
    }

    private void assertSame(Path source, List<String> options, String... then) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SmallHeapTest.class.getName(),
                source.toString(), work.resolve("small.flist").toString()));
        command.addAll(List.of(then));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String expected = pack(source, work.resolve("flist"));
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed.strip()).isEqualTo(expected);
        assertThat(work.resolve("small.flist")).hasSameBinaryContentAs(work.resolve("flist"));
    }

    private static String pack(Path source, Path flist) {
        return new Packer(new DiscardingStore(), PackEvents.none()).pack(source, flist, PackOptions.DEFAULT).sha256();
    }

    /** A tar with one large file. */
    private static void tar(OutputStream out, int seed, int pieces) throws IOException {
        byte[] piece = new byte[ChunkCodec.PIECE_SIZE];
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            TarArchiveEntry entry = new TarArchiveEntry("large-" + seed);
            entry.setSize((long) pieces * piece.length);
            tar.putArchiveEntry(entry);
            for (int i = 0; i < pieces; i++) {
                ByteBuffer.wrap(piece).putInt(seed).putInt(i);
                tar.write(piece);
            }
            tar.closeArchiveEntry();
        }
    }

    private static byte[] member(String name, String content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new UstarWriter(out).file(name, content.getBytes(StandardCharsets.US_ASCII), 0);
        return out.toByteArray();
    }
}
