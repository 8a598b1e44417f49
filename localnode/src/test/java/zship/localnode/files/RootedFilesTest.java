package zship.localnode.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.job.CommandException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RootedFilesTest {
    @TempDir
    private Path outside;
    private Path root;
    private RootedFiles files;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectories(outside.resolve("folder"));
        files = new RootedFiles(root, () -> true);
    }

    private void write(String path, String text) throws IOException, CommandException {
        try (var channel = files.open(path, OpenMode.of("w"), 0644)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void linksAndDotsLeadNowhereElse() throws Exception {
        Files.createSymbolicLink(root.resolve("absolute"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("climbing"), Path.of("../../secret"));
        Files.createSymbolicLink(root.resolve("folder"), Path.of("../folder"));
        for (String path : new String[]{"/absolute", "/climbing", "/../secret", "/etc/../../secret"}) {
            assertThat(files.exists(path)).as(path).isFalse();
        }
        assertThatThrownBy(() -> write("/folder/new", "x")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.move("/etc", "/folder/etc")).isInstanceOf(IOException.class);
        files.remove("/folder");
        files.remove("/absolute");
        assertThat(outside.resolve("folder")).isEmptyDirectory();
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void writtenThroughALinkTheFileInsideIsMeant() throws Exception {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/etc/file"));
        write("/link", "first");
        write("/link", "second");
        assertThat(root.resolve("etc/file")).hasContent("second");
        assertThat(Path.of("/etc/file")).doesNotExist();
    }

    @Test
    void directoriesAreMadeAndTreesRemovedWithoutFollowingLinks() throws Exception {
        files.makeDirectories("/a/b/c");
        files.makeDirectories("/a/b/c");
        write("/a/b/c/file", "x");
        Files.createSymbolicLink(root.resolve("a/b/out"), outside.resolve("folder"));
        Files.writeString(outside.resolve("folder/kept"), "kept");
        files.remove("/a");
        files.remove("/a");
        assertThat(root.resolve("a")).doesNotExist();
        assertThat(outside.resolve("folder/kept")).hasContent("kept");
        assertThatThrownBy(() -> files.remove("/")).isInstanceOf(FileSystemException.class);
    }

    @Test
    void pipesAndDevicesAreNotOpened() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start().waitFor()).isZero();
        for (String mode : new String[]{"r", "w", "a"}) {
            assertThatThrownBy(() -> files.open("/pipe", OpenMode.of(mode), 0)).hasMessageContaining("Not a regular");
        }
        assertThatThrownBy(() -> files.open("/etc", OpenMode.of("r"), 0)).hasMessageContaining("Is a directory");
    }

    @Test
    void rootThatIsNoLongerTheRightOneIsNotTouched() {
        RootedFiles gone = new RootedFiles(root, () -> false);
        assertThat(gone.exists("/etc")).isFalse();
        assertThatThrownBy(() -> gone.makeDirectories("/new")).isInstanceOf(IOException.class);
        assertThat(root.resolve("new")).doesNotExist();
    }
}
