package zship.flow;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import zship.flist.tar.UstarWriter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** {@code zship pack} as a process: killed in the middle, and in a small heap. */
class PackIT extends FreshUser {
    @Test
    void packAfterAKilledPackSendsOnlyTheRest() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        write(tree.resolve("large"), 48 << 20);
        Path chunks = folder.resolve("chunks");
        String[] pack = {"pack", "--json", tree.toString(), "-o", "root.flist", "--store", "dir://" + chunks};
        assertThat(zship.killAt("\"event\":\"sent\"", pack)).isTrue();
        long kept = chunks(chunks);
        assertThat(kept).isPositive();
        JsonNode again = zship.ok(pack).json();
        assertThat(again.path("chunks").asLong()).isEqualTo(96);
        assertThat(again.path("reused").asLong()).isEqualTo(kept);
        assertThat(again.path("sent").asLong()).isEqualTo(96 - kept);
        JsonNode third = zship.ok(pack).json();
        assertThat(third.path("sent").asLong()).isZero();
        assertThat(third.path("sha256").asString()).isEqualTo(again.path("sha256").asString());
    }

    /** The tar is larger than the heap, and its chunks do not repeat. */
    @Test
    void packAndUnpackStayWithinASmallHeap() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        write(tree.resolve("large"), 280 << 20);
        for (int i = 0; i < 3000; i++) {
            Files.writeString(tree.resolve("small-" + i), "content " + i);
        }
        Path tar = folder.resolve("tree.tar");
        assertThat(new ProcessBuilder("tar", "-C", tree.toString(), "-cf", tar.toString(), ".").start().waitFor())
                .isZero();
        Zship small = zship.with("JAVA_TOOL_OPTIONS", "-Xmx256m");
        String store = "dir://" + folder.resolve("chunks");
        JsonNode packed = small.ok("pack", "--json", tar.toString(), "-o", "root.flist", "--store", store).json();
        assertThat(packed.path("files").asInt()).isEqualTo(3001);
        assertThat(packed.path("chunks").asInt()).isEqualTo(560 + 3000);
        small.ok("flist", "unpack", "root.flist", "out", "--store", store);
        assertThat(zship.home().resolve("out/large")).hasSameBinaryContentAs(tree.resolve("large"));
    }

    /** All files are different, so that what is known of their chunks has no room where temporary files are. */
    @Test
    void fullFolderForTemporaryFilesIsSaidAndNothingWritten() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        for (int i = 0; i < 40_000; i++) {
            Files.writeString(tree.resolve("small-" + i), "content " + i);
        }
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        done("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", temporary.toString());
        try {
            String[] pack = {"pack", tree.toString(), "-o", "root.flist", "--store",
                "dir://" + folder.resolve("chunks")};
            Zship.Run run = zship.with("TMPDIR", temporary.toString()).run(pack);
            assertThat(run.code()).as(run.err()).isEqualTo(1);
            assertThat(run.err()).contains(temporary.toString(), "No space left on device", "TMPDIR");
            assertThat(zship.home().resolve("root.flist")).doesNotExist();
            assertThat(temporary).isEmptyDirectory();
            done("mount", "-o", "remount,size=64m", temporary.toString());
            assertThat(zship.ok(pack).err()).contains("40000 files");
            assertThat(temporary).isEmptyDirectory();
        } finally {
            done("umount", temporary.toString());
        }
    }

    /** What packs it has memory for it, what reads it is told how to get that. */
    @Test
    void flistThatIsTooLargeForTheMemoryIsReadWithMore() throws IOException, InterruptedException {
        Path tar = folder.resolve("many.tar");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
            UstarWriter members = new UstarWriter(out);
            byte[] content = "all the same".getBytes(UTF_8);
            for (int i = 0; i < 300_000; i++) {
                members.file("folder-%03d/file-with-name-%06d".formatted(i / 1000, i), content, 0);
            }
            members.finish();
        }
        Zship small = zship.with("JAVA_TOOL_OPTIONS", "-Xmx256m");
        assertThat(small.ok("pack", tar.toString(), "-o", "root.flist", "--store", "dir://" + folder.resolve("chunks"))
                .err())
                .contains("300000 files");
        Zship.Run run = small.run("flist", "ls", "root.flist");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("root.flist", "the memory that Java has", "JAVA_TOOL_OPTIONS=-Xmx1g");
        assertThat(zship.with("JAVA_TOOL_OPTIONS", "-Xmx1g").ok("flist", "ls", "root.flist").out())
                .contains("folder-299");
    }

    private static void done(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static long chunks(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches("[0-9a-f]{32}")).count();
        }
    }

    private static void write(Path file, int bytes) throws IOException {
        Random random = new Random(1);
        byte[] part = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < bytes; written += part.length) {
                random.nextBytes(part);
                out.write(part);
            }
        }
    }
}
