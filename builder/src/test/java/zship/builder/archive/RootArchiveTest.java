package zship.builder.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.root.Owner;
import zship.builder.root.RootEntry;
import zship.builder.root.RootTree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link RootArchive}. */
class RootArchiveTest {

    private static final Instant TIME = Instant.parse("2018-10-31T21:16:03Z");
    private static final Map<String, RootTree.DirectoryRule> RULES = Map.of("tmp",
            new RootTree.DirectoryRule(Owner.ROOT, 01777), "var/log",
            new RootTree.DirectoryRule(new Owner(1000, 1001), 0750));

    @TempDir
    private Path folder;

    @Test
    void writeWhenTreeIsReadBackHasOwnersModesAndTheOneTime() throws IOException {
        Path file = archive("one", "rwx------");
        List<String> lines = new ArrayList<>();
        for (TarArchiveEntry entry : entries(file)) {
            assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
            assertThat(entry.getUserName() + entry.getGroupName()).isEmpty();
            lines.add("%o %d:%d %s%s".formatted(entry.getMode() & 07777, entry.getLongUserId(), entry.getLongGroupId(),
                    entry.getName(), entry.isSymbolicLink() ? " -> " + entry.getLinkName() : ""));
        }
        assertThat(lines).containsExactly("755 0:0 bin/", "755 0:0 bin/app", "777 0:0 bin/sh -> app", "755 0:0 etc/",
                "644 0:0 etc/motd", "1777 0:0 tmp/", "755 0:0 var/", "750 1000:1001 var/log/");
    }

    @Test
    void writeWhenFolderModesAndTimesDifferGivesTheSameBytes() throws IOException {
        assertThat(archive("one", "rwxr-x---")).hasSameBinaryContentAs(archive("another place", "rwxrwxrwx"));
    }

    @Test
    void writeWhenNameIsLongSplitsItAtASlash() throws IOException {
        String name = "directory".repeat(12) + "/" + "file".repeat(20);
        Path content = Files.writeString(folder.resolve("content"), "x");
        Path file = folder.resolve("long.tar.gz");
        RootArchive.write(new RootTree(List.of(new RootEntry.File(name, Owner.ROOT, 0644, content, 1))), TIME, file);
        assertThat(entries(file)).extracting(TarArchiveEntry::getName).containsExactly(name);
    }

    @Test
    void writeWhenNameDoesNotFitLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("old.tar.gz"), "old");
        RootTree tree = new RootTree(List.of(new RootEntry.Link("x".repeat(120), Owner.ROOT, "y")));
        assertThatThrownBy(() -> RootArchive.write(tree, TIME, file)).isInstanceOf(IOException.class)
                .hasMessageContaining("too long for a tar header");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void writeWhenFileShrinksMeanwhileSaysSo() throws IOException {
        Path content = Files.writeString(folder.resolve("content"), "short");
        RootTree tree = new RootTree(List.of(new RootEntry.File("a", Owner.ROOT, 0644, content, 500)));
        assertThatThrownBy(() -> RootArchive.write(tree, TIME, folder.resolve("a.tar.gz")))
                .isInstanceOf(IOException.class).hasMessageContaining("changed while it was archived");
    }

    private Path archive(String name, String permissions) throws IOException {
        Path root = Files.createDirectory(folder.resolve(name));
        for (String directory : List.of("var/log", "tmp", "etc", "bin")) {
            Files.createDirectories(root.resolve(directory));
        }
        Path app = Files.writeString(root.resolve("bin/app"), "x".repeat(700), StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(app, PosixFilePermissions.fromString(permissions));
        Files.setLastModifiedTime(app, FileTime.fromMillis(name.hashCode()));
        Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("app"));
        Files.writeString(root.resolve("etc/motd"), "hello\n");
        Path file = folder.resolve(name + ".tar.gz");
        RootArchive.write(RootTree.scan(root, RULES), TIME, file);
        return file;
    }

    private static List<TarArchiveEntry> entries(Path file) throws IOException {
        List<TarArchiveEntry> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                new GZIPInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry);
                assertThat(tar.readAllBytes()).hasSize((int) entry.getSize());
            }
        }
        return entries;
    }
}
