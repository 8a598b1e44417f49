package zship.builder.step;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What was built may hold links to anywhere; nothing outside of the tree is touched. */
class TreesTest {
    @TempDir
    private Path folder;

    private Path outside;
    private Path tree;

    @BeforeEach
    void treeWithALinkThatLeadsOut() throws Exception {
        outside = Files.createDirectories(folder.resolve("outside/doc")).getParent();
        Files.writeString(outside.resolve("doc/kept"), "kept");
        tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("share"), outside);
    }

    @Test
    void deleteNeverFollowsALinkOnTheWay() throws Exception {
        assertThatThrownBy(() -> Trees.delete(tree, "share/doc")).isInstanceOf(FileSystemException.class)
                .hasMessageContaining("a link is on the way to share/doc: share");
        assertThat(outside.resolve("doc/kept")).exists();
        Trees.delete(tree, "share");
        assertThat(tree.resolve("share")).doesNotExist();
        assertThat(outside.resolve("doc/kept")).exists();
        Trees.delete(tree, "never/there");
    }

    @Test
    void copyNeverFollowsALinkInTheTarget() throws Exception {
        Path more = folder.resolve("more");
        Files.writeString(Files.createDirectories(more.resolve("share")).resolve("fresh"), "x");
        assertThatThrownBy(() -> Trees.copy(more, tree)).isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("is a link where a directory is to be");
        assertThat(outside.resolve("fresh")).doesNotExist();
    }

    @Test
    void replaceWritesTheFileItselfAndNotWhatALinkLeadsTo() throws Exception {
        Files.createSymbolicLink(tree.resolve("config"), outside.resolve("doc/kept"));
        Trees.replace(tree, "config", new byte[]{'x'});
        assertThat(tree.resolve("config")).isRegularFile().hasContent("x");
        assertThat(outside.resolve("doc/kept")).hasContent("kept");
        assertThatThrownBy(() -> Trees.replace(tree, "share/doc/kept", new byte[0]))
                .isInstanceOf(FileSystemException.class);
        assertThat(outside.resolve("doc/kept")).hasContent("kept");
        Trees.replace(tree, "new/folder/file", new byte[]{'y'});
        assertThat(tree.resolve("new/folder/file")).hasContent("y");
    }
}
