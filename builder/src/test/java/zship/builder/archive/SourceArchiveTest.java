package zship.builder.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.builder.BuildException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link SourceArchive}. */
class SourceArchiveTest {

    @TempDir
    private Path folder;

    private Path archive;
    private Path target;

    @BeforeEach
    void nameFiles() throws IOException {
        archive = folder.resolve("source.tar.gz");
        target = Files.createDirectory(folder.resolve("target"));
    }

    /** Writes the entries of an archive. */
    private interface Entries {

        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    @Test
    void extractWhenArchiveIsHonestKeepsContentExecutionAndTimes() throws IOException {
        write(tar -> {
            put(tar, entry("app/", 0755, 1000), "");
            put(tar, entry("app/configure", 0777, 5000), "#!/bin/sh\n");
            put(tar, entry("app/README", 0600, 2000), "read");
            put(tar, link("app/README.txt", "README", TarConstants.LF_SYMLINK), "");
            put(tar, link("app/COPY", "app/README", TarConstants.LF_LINK), "");
        });
        Instant newest = SourceArchive.extract(archive, target, SourceArchive.Limits.generous());
        assertThat(newest).isEqualTo(Instant.ofEpochSecond(5000));
        assertThat(target.resolve("app/configure")).isExecutable().hasContent("#!/bin/sh\n");
        assertThat(target.resolve("app/README.txt")).isSymbolicLink().hasContent("read");
        assertThat(target.resolve("app/COPY")).hasContent("read");
        assertThat(Files.getLastModifiedTime(target.resolve("app/README")).toInstant().getEpochSecond())
                .isEqualTo(2000);
        assertThat(Files.getLastModifiedTime(target.resolve("app")).toInstant().getEpochSecond()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "app/../../outside", "/outside", "app/sub/../../../outside"})
    void extractWhenNameLeavesTheFolderRefusesIt(String name) throws IOException {
        write(tar -> put(tar, new TarArchiveEntry(name, true), ""));
        refused("leaves the folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../outside", ".."})
    void extractWhenLinkLeavesTheFolderRefusesIt(String destination) throws IOException {
        write(tar -> put(tar, link("link", destination, TarConstants.LF_SYMLINK), ""));
        refused("leaves the folder");
    }

    /** Each link stays inside by its words; together they climb, in whatever order they come. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void extractWhenLinksLeaveTheFolderTogetherRefusesThem(boolean first) throws IOException {
        write(tar -> {
            put(tar, entry("a/b/", 0755, 0), "");
            if (first) {
                put(tar, link("a/b/up", "../..", TarConstants.LF_SYMLINK), "");
            }
            put(tar, link("a/b/out", "up/..", TarConstants.LF_SYMLINK), "");
            put(tar, link("a/b/further", "out/etc/passwd", TarConstants.LF_SYMLINK), "");
            if (!first) {
                put(tar, link("a/b/up", "../..", TarConstants.LF_SYMLINK), "");
            }
        });
        refused("leads out of the folder");
    }

    @Test
    void extractWhenLinksFollowEachOtherForEverRefusesThem() throws IOException {
        write(tar -> {
            put(tar, link("a", "b", TarConstants.LF_SYMLINK), "");
            put(tar, link("b", "a", TarConstants.LF_SYMLINK), "");
        });
        refused("in a circle");
    }

    @Test
    void extractWhenHardLinkGoesThroughALinkRefusesIt() throws IOException {
        Files.writeString(folder.resolve("secret"), "canary");
        write(tar -> {
            put(tar, entry("a/b/", 0755, 0), "");
            put(tar, link("a/b/up", "../..", TarConstants.LF_SYMLINK), "");
            put(tar, link("a/b/out", "up/..", TarConstants.LF_SYMLINK), "");
            put(tar, link("taken", "a/b/out/secret", TarConstants.LF_LINK), "");
        });
        refused("goes through a link");
        assertThat(target.resolve("taken")).doesNotExist();
    }

    @Test
    void extractKeepsLinksThatLeadNowhereYet() throws IOException {
        write(tar -> {
            put(tar, entry("a/", 0755, 0), "");
            put(tar, link("a/made-later", "../b/file", TarConstants.LF_SYMLINK), "");
        });
        SourceArchive.extract(archive, target, SourceArchive.Limits.generous());
        assertThat(target.resolve("a/made-later")).isSymbolicLink();
    }

    @Test
    void extractWhenHardLinkLeavesTheFolderRefusesIt() throws IOException {
        write(tar -> put(tar, link("link", "../secret", TarConstants.LF_LINK), ""));
        refused("leaves the folder");
    }

    @Test
    void extractWhenHardLinkNamesNoEarlierFileRefusesIt() throws IOException {
        write(tar -> put(tar, link("link", "later", TarConstants.LF_LINK), ""));
        refused("no earlier file");
    }

    @Test
    void extractWhenFileGoesThroughALinkRefusesIt() throws IOException {
        write(tar -> {
            put(tar, entry("real/", 0755, 0), "");
            put(tar, link("alias", "real", TarConstants.LF_SYMLINK), "");
            put(tar, entry("alias/file", 0644, 0), "x");
        });
        refused("goes through a link");
        assertThat(target.resolve("real/file")).doesNotExist();
    }

    @Test
    void extractWhenFileReplacesALinkRefusesIt() throws IOException {
        write(tar -> {
            put(tar, entry("a", 0644, 0), "first");
            put(tar, link("b", "a", TarConstants.LF_SYMLINK), "");
            put(tar, entry("b", 0644, 0), "second");
        });
        refused("'b' is in it twice");
        assertThat(target.resolve("a")).hasContent("first");
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO})
    void extractWhenEntryIsADeviceRefusesIt(byte type) throws IOException {
        write(tar -> put(tar, new TarArchiveEntry("device", type), ""));
        refused("neither file, directory nor link");
    }

    @Test
    void extractWhenThereAreTooManyEntriesOrBytesRefusesIt() throws IOException {
        write(tar -> {
            for (int i = 0; i < 4; i++) {
                put(tar, entry("file" + i, 0644, 0), "0123456789");
            }
        });
        assertThatThrownBy(() -> SourceArchive.extract(archive, target, new SourceArchive.Limits(3, 1000)))
                .isInstanceOf(BuildException.class).hasMessageContaining("more than 3 entries");
        Path other = Files.createDirectory(folder.resolve("other"));
        assertThatThrownBy(() -> SourceArchive.extract(archive, other, new SourceArchive.Limits(10, 25)))
                .isInstanceOf(BuildException.class).hasMessageContaining("more than 25 bytes");
    }

    @Test
    void extractWhenArchiveIsCutOffSaysSo() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        write(tar -> put(tar, entry("file", 0644, 0), new String(noise, StandardCharsets.ISO_8859_1)));
        try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        assertThatThrownBy(() -> SourceArchive.extract(archive, target, SourceArchive.Limits.generous()))
                .isInstanceOfSatisfying(BuildException.class, e -> assertThat(e.what()).contains("source.tar.gz"));
    }

    @Test
    void extractWhenFileIsNoArchiveSaysSo() throws IOException {
        Files.writeString(archive, "this is no archive");
        refused("extract");
    }

    private void refused(String reason) {
        assertThatThrownBy(() -> SourceArchive.extract(archive, target, SourceArchive.Limits.generous()))
                .isInstanceOf(BuildException.class).hasMessageContaining(reason);
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    private void write(Entries entries) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                new GZIPOutputStream(Files.newOutputStream(archive)))) {
            entries.writeTo(tar);
        }
    }

    private static TarArchiveEntry entry(String name, int mode, long time) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setModTime(time * 1000);
        entry.setUserId(1000);
        return entry;
    }

    private static TarArchiveEntry link(String name, String destination, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setLinkName(destination);
        entry.setModTime(0);
        return entry;
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > 0) {
            entry.setSize(bytes.length);
        }
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
