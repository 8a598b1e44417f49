package zship.flist.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.Permissions;
import zship.flist.edit.FlistUpdate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DestinationTest {
    private static final Flist EMPTY = Flist
            .of(Directory.root(new Attributes(Permissions.ROOT_DIRECTORY, 0, 0), List.of()));

    @TempDir
    private Path work;

    @Test
    void writeReplacesWhatALinkLeadsTo() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("file"));
        Path before = Files.createLink(work.resolve("before"), file);
        write(Files.createSymbolicLink(work.resolve("second"), link), "new");
        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent("new");
        assertThat(before).hasContent("old");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
    }

    @Test
    void ownerOfAReplacedFlistStays() throws IOException {
        Path file = work.resolve("a.flist");
        EMPTY.write(file);
        assertThat(FileStatus.of(file).uid()).as("only root gives files away").isZero();
        Files.setAttribute(file, "unix:uid", 1234);
        Files.setAttribute(file, "unix:gid", 2345);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        FlistUpdate.apply(file, flist -> flist.withMetadata("key", "value"));
        FileStatus after = FileStatus.of(file);
        assertThat(List.of(after.uid(), after.gid(), (long) after.mode())).containsExactly(1234L, 2345L, 0600L);
        assertThat(Flist.open(file).metadata()).containsKey("key");
    }

    @Test
    void writeMakesWhatALinkPromises() throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("link"), Path.of("file"));
        write(link, "new");
        assertThat(link).isSymbolicLink();
        assertThat(work.resolve("file")).hasContent("new");
        Path loop = Files.createSymbolicLink(work.resolve("loop"), Path.of("loop"));
        assertThatThrownBy(() -> write(loop, "new")).isInstanceOf(IOException.class);
    }

    @Test
    void writeWhenItFailsLeavesNothing() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "old");
        assertThatThrownBy(() -> Destination.of(file).write(out -> {
            out.write(1);
            throw new IOException("broken");
        })).hasMessage("broken");
        assertThat(file).hasContent("old");
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void writeIntoAPipeStreams() throws IOException {
        Path pipe = node(FileStatus.FIFO, 0, 0);
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> read(pipe));
        write(Files.createSymbolicLink(work.resolve("link"), pipe), "content");
        assertThat(read.join()).isEqualTo("content");
        assertThat(FileStatus.of(pipe).type()).isEqualTo(FileStatus.FIFO);
    }

    @Test
    void writeIntoACharacterDeviceLeavesIt() throws IOException {
        Path device = node(FileStatus.CHARACTER, 1, 3);
        try {
            write(device, "content");
        } catch (IOException e) {
            // Containers and some mounts let nobody use devices.
            assertThat(e).isNotInstanceOf(NotAFileException.class);
        }
        assertThat(FileStatus.of(device).type()).isEqualTo(FileStatus.CHARACTER);
    }

    /** As {@code command >> file} with {@code /dev/stdout}. */
    @Test
    void writeToAnOpenFileGoesOnInIt() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "old ");
        Path before = Files.createLink(work.resolve("before"), file);
        try (OutputStream held = Files.newOutputStream(file)) {
            held.write("old ".getBytes(StandardCharsets.US_ASCII));
            Path name = Files.createSymbolicLink(work.resolve("out"), descriptor(file));
            write(name, "new");
            assertThat(Destination.of(name).isFile()).isFalse();
        }
        assertThat(before).hasContent("old new");
        assertThat(file).hasContent("old new");
    }

    @Test
    void flistsReplaceFilesOnly() throws IOException {
        assertRefused(node(FileStatus.FIFO, 0, 0), FileStatus.FIFO, "it is a named pipe, not a file");
        assertRefused(node(FileStatus.SOCKET, 0, 0), FileStatus.SOCKET, "it is a socket, not a file");
        assertRefused(Files.createDirectory(work.resolve("directory")), FileStatus.DIRECTORY,
                "it is a directory, not a file");
        assertRefused(node(FileStatus.CHARACTER, 1, 3), FileStatus.CHARACTER,
                "it is a character device, not a file");
    }

    private void assertRefused(Path path, int type, String why) throws IOException {
        Path link = Files.createSymbolicLink(work.resolve("link-" + type), path);
        for (Path name : List.of(path, link)) {
            assertThatThrownBy(() -> EMPTY.write(name)).isInstanceOfSatisfying(FlistException.class, e -> {
                assertThat(e.what()).isEqualTo("write the flist " + name);
                assertThat(e.why()).isEqualTo(why);
                assertThat(e.hint()).startsWith("name a file");
            });
            assertThatThrownBy(() -> FlistUpdate.apply(name, flist -> flist))
                    .isInstanceOfSatisfying(FlistException.class, e -> assertThat(e.why()).isEqualTo(why));
        }
        assertThat(FileStatus.of(path).type()).isEqualTo(type);
    }

    private Path node(int type, int major, int minor) throws IOException {
        Path path = work.resolve("node-" + type);
        assertThat(SystemCalls.mknod(path, type | 0600, major, minor)).as("only root makes devices").isTrue();
        return path;
    }

    private static Path descriptor(Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(one -> Files.exists(one) && leadsTo(one, file)).findFirst().orElseThrow();
        }
    }

    private static boolean leadsTo(Path one, Path file) {
        try {
            return Files.isSameFile(one, file);
        } catch (IOException closed) {
            return false;
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static void write(Path path, String content) throws IOException {
        Destination.of(path).write(out -> out.write(content.getBytes(StandardCharsets.US_ASCII)));
    }
}
