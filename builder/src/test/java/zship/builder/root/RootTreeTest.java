package zship.builder.root;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.AsciiLocale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link RootTree}. */
class RootTreeTest {

    @TempDir
    private Path root;

    @Test
    void scanWhenFolderHasFilesCountsThemAndTheirBytes() throws IOException {
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("a/b/c"), "12345");
        Files.writeString(root.resolve("a.txt"), "123");
        Files.createSymbolicLink(root.resolve("link"), Path.of("a.txt"));
        RootTree tree = RootTree.scan(root, Map.of());
        assertThat(tree.bytes()).isEqualTo(8);
        assertThat(tree.fileCount()).isEqualTo(2);
        assertThat(tree.entries()).extracting(RootEntry::path).containsExactly("a", "a.txt", "a/b", "a/b/c", "link");
    }

    @Test
    void scanWhenTheLocaleIsAsciiKeepsOtherNames() throws IOException, InterruptedException {
        Files.createDirectory(root.resolve("gr\u00fc\u00dfe"));
        Files.writeString(root.resolve("gr\u00fc\u00dfe/\u00e4"), "");
        Files.createSymbolicLink(root.resolve("link"), Path.of("gr\u00fc\u00dfe"));
        assertThat(AsciiLocale.output(Scan.class, root).lines()).containsExactly("gr\u00fc\u00dfe",
                "gr\u00fc\u00dfe/\u00e4", "link -> gr\u00fc\u00dfe");
    }

    @Test
    void scanWhenANameIsNotUtf8NamesIt() throws IOException {
        Files.createFile(Path.of(URI.create(root.toUri() + "a%FF")));
        assertThatThrownBy(() -> RootTree.scan(root, Map.of())).isInstanceOf(IOException.class)
                .hasMessageContaining("the name /a%FF is not UTF-8");
    }

    /** Prints the entries of a folder, for another JVM. */
    static final class Scan {

        private Scan() {
        }

        public static void main(String[] arguments) throws IOException {
            for (RootEntry entry : RootTree.scan(Path.of(arguments[0]), Map.of()).entries()) {
                System.out.println(entry instanceof RootEntry.Link link
                        ? link.path() + " -> " + link.target()
                        : entry.path());
            }
        }
    }

    @Test
    void scanWhenThereIsASocketRefusesIt() throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
            assertThatThrownBy(() -> RootTree.scan(root, Map.of())).isInstanceOf(IOException.class)
                    .hasMessageContaining("neither file, directory nor link");
        }
    }

    @Test
    void ownerWhenNumberIsNegativeIsRefused() {
        assertThatThrownBy(() -> new Owner(-1, 0)).hasMessageContaining("-1:0");
    }
}
