package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RootTreeTest {
    @TempDir
    private Path directory;
    private Path root;
    private RootTree tree;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        tree = new RootTree(root);
        Files.writeString(directory.resolve("outside"), "host");
    }

    @Test
    void absoluteLinkStaysInside() throws IOException {
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createFile(root.resolve("usr/bin/sh"));
        Files.createSymbolicLink(root.resolve("bin"), Path.of("/usr/bin"));
        assertThat(tree.resolve("/bin/sh")).hasValue(root.resolve("usr/bin/sh"));
    }

    @Test
    void linkThatClimbsOutEndsAtTheTop() throws IOException {
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../outside"));
        Files.createSymbolicLink(root.resolve("abs"), directory.resolve("outside"));
        assertThat(tree.resolve("/up")).isEmpty();
        assertThat(tree.resolve("/abs")).isEmpty();
        assertThat(tree.resolve("/../../outside")).isEmpty();
    }

    @Test
    void linksInACircleAreNotFollowedForEver() throws IOException {
        Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("/a"));
        assertThat(tree.resolve("/a")).isEmpty();
    }

    @Test
    void writeThroughALinkStaysInside() throws IOException {
        Path victim = Files.createDirectories(directory.resolve("victim"));
        Files.createSymbolicLink(root.resolve("etc"), victim);
        tree.write("/etc/hosts", "text", "rw-r--r--", "rwxr-xr-x");
        assertThat(victim).isEmptyDirectory();
        assertThat(tree.resolve("/etc/hosts")).hasValueSatisfying(file -> assertThat(file).startsWith(root));
    }

    @Test
    void writeReplacesTextAndKeepsTheMode() throws IOException {
        tree.write("new/dir/file", "x", "rw-------", "rwx------");
        tree.write("../../new/dir/file", "y", "rw-r--r--", "rwxr-xr-x");
        assertThat(root.resolve("new/dir/file")).hasContent("y");
        assertThat(Files.getPosixFilePermissions(root.resolve("new/dir/file"))).hasSize(2);
        assertThatThrownBy(() -> tree.write("/", "x", "rw-------", "rwx------")).isInstanceOf(IOException.class);
    }

    @Test
    void linkReplacesAFile() throws IOException {
        tree.write("/etc/mtab", "old", "rw-r--r--", "rwxr-xr-x");
        tree.link("/etc/mtab", "../proc/self/mounts");
        assertThat(Files.readSymbolicLink(root.resolve("etc/mtab"))).isEqualTo(Path.of("../proc/self/mounts"));
    }
}
