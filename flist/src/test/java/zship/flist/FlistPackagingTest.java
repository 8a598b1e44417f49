package zship.flist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.format.FlistPackage;
import zship.flist.format.PackageForm;
import zship.flist.tar.UstarWriter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is accepted and refused around the database: compression, archive, other members, the database's own variants. */
class FlistPackagingTest {
    @TempDir
    private Path work;

    private byte[] golden;
    private byte[] database;

    @BeforeEach
    void read() throws Exception {
        golden = Files.readAllBytes(GoldenData.file("golden.flist"));
        database = FlistPackage.read(Files.newInputStream(GoldenData.file("golden.flist"))).database();
    }

    /** As zflist makes it of a directory over a file. Nodes find the row of the directory first. */
    @Test
    void directoryComesBeforeAFileOfThatName() {
        Attributes attributes = new Attributes(Permissions.ROOT_DIRECTORY, 1, 2);
        Entry file = LinkEntry.of(Name.of("x"), attributes, "first".getBytes(StandardCharsets.UTF_8));
        Directory directory = Directory.of(Name.of("x"), attributes, List.of());
        Entry below = LinkEntry.of(Name.of("y"), attributes, "below".getBytes(StandardCharsets.UTF_8));
        Path flist = work.resolve("twice.flist");
        for (List<Entry> twice : List.of(List.of(file, directory), List.of(directory, file),
                List.of(file, directory, file, directory))) {
            try (FlistWriter writer = new FlistWriter()) {
                writer.add(TreePath.ROOT, attributes, twice);
                writer.add(TreePath.of("x"), attributes, List.of(below));
                writer.complete(Map.of());
                writer.write(flist, Optional.empty());
            }
            Flist read = Flist.open(flist);
            assertThat(read.root().entries()).singleElement().isInstanceOf(Directory.class);
            assertThat(read.lookup(TreePath.of("x/y"))).contains(below);
        }
    }

    @Test
    void openAcceptsPlainTar() throws Exception {
        assertReadable(plainTar());
        assertThat(forms(plainTar())).containsExactly(PackageForm.UNCOMPRESSED);
    }

    @Test
    void openAcceptsSeveralGzipMembersAndBytesAfterThem() throws Exception {
        byte[] tar = plainTar();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < tar.length; at += 100_000) {
            GZIPOutputStream gzip = new GZIPOutputStream(out);
            gzip.write(tar, at, Math.min(100_000, tar.length - at));
            gzip.finish();
        }
        assertReadable(out.toByteArray());
        assertThat(forms(out.toByteArray())).isEmpty();
        for (int i = 0; i < 12; i++) {
            out.write(i);
            assertReadable(out.toByteArray());
            assertThat(forms(out.toByteArray())).as("%d bytes more", i + 1)
                    .containsExactly(PackageForm.TRAILING_BYTES);
        }
    }

    @Test
    void emptyRouterIsFound() throws Exception {
        for (String router : List.of("", "\n", "lookup: [ a ]\n")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new FlistPackage(database, Optional.of(router)).write(out);
            assertThat(forms(out.toByteArray()).contains(PackageForm.EMPTY_ROUTER)).isEqualTo(router.isBlank());
        }
    }

    @Test
    void openIgnoresOtherMembersAndKeepsTheRouter() throws Exception {
        Path file = write(out -> {
            UstarWriter tar = new UstarWriter(out);
            tar.file("../evil", new byte[]{1}, 0);
            tar.file("mergeXXXXXX", new byte[]{2}, 0);
            tar.file("flistdb.sqlite3", database, 0);
            tar.file("router.yaml", "lookup: [ a ]\n".getBytes(StandardCharsets.UTF_8), 0);
            tar.finish();
        });
        assertThat(Flist.open(file).router()).contains("lookup: [ a ]\n");
        assertThat(work.resolve("../evil")).doesNotExist();
    }

    @Test
    void openWhenFileIsSomethingElseNamesIt() throws Exception {
        assertRefused(new byte[0], "the file is empty");
        assertRefused(new byte[]{'B', 'Z', 'h', '9', 1, 2}, "the file is bzip2");
        assertRefused(new byte[]{(byte) 0xfd, '7', 'z', 'X', 'Z', 0}, "the file is xz");
        assertRefused("hello, this is no flist".repeat(100).getBytes(StandardCharsets.US_ASCII), "not a tar archive");
        assertRefused(Arrays.copyOf(golden, golden.length / 2), "");
        assertThatThrownBy(() -> Flist.open(work.resolve("none"))).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.kind()).isEqualTo(FlistException.Kind.NOT_FOUND));
    }

    @Test
    void openWhenTheChecksumBehindTheArchiveIsWrongRefuses() throws Exception {
        Path file = work.resolve("sound.flist");
        Flist.open(GoldenData.file("golden.flist")).write(file);
        byte[] sound = Files.readAllBytes(file);
        byte[] altered = sound.clone();
        altered[altered.length - 6] ^= 1;
        assertRefused(altered, "Corrupt GZIP trailer");
        assertRefused(Arrays.copyOf(sound, sound.length - 4), "");
    }

    @Test
    void openAcceptsUstarGnuAndPaxArchivesOfTheSystemsTar() throws Exception {
        Path folder = Files.createDirectories(work.resolve("package"));
        Files.write(folder.resolve("flistdb.sqlite3"), database);
        Files.writeString(folder.resolve("mergeAbCdEf"), "left behind by a failed merge");
        for (String format : new String[]{"ustar", "gnu", "oldgnu", "pax", "v7"}) {
            Path file = work.resolve(format + ".flist");
            Process tar = new ProcessBuilder("tar", "--format=" + format, "-C", folder.toString(), "-czf",
                    file.toString(), ".").inheritIO().start();
            assertThat(tar.waitFor()).isZero();
            assertReadable(Files.readAllBytes(file));
            assertThat(forms(Files.readAllBytes(file)))
                    .isEqualTo(format.equals("pax") ? Set.of(PackageForm.PAX_HEADERS) : Set.of());
        }
    }

    @Test
    void openWhenDatabaseWouldFillTheMemorySaysSoWithoutReadingIt() throws Exception {
        long heap = Runtime.getRuntime().maxMemory();
        Path file = work.resolve("in.flist");
        try (OutputStream out = Files.newOutputStream(file)) {
            new UstarWriter(out).file("./flistdb.sqlite3", heap / 6 + 512, 0, nothing -> {
            });
        }
        assertThatThrownBy(() -> Flist.open(file)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.why()).contains("can be read");
            if (heap / 6 < 1 << 30) {
                assertThat(e.kind()).isEqualTo(FlistException.Kind.FAILED);
                assertThat(e.hint()).contains("-Xmx" + ((heap / 6 + 512) * 7 / (1 << 30) + 1) + "g");
            }
        });
    }

    @Test
    void writeGivesTheSameBytesInEveryLanguageOfTheMachine() {
        Flist flist = new Flist(Flist.open(GoldenData.file("golden.flist")).root(), Map.of("a", "b"), Optional.empty());
        Locale before = Locale.getDefault();
        String plain = flist.write(work.resolve("plain.flist"));
        try {
            for (String language : new String[]{"ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai"}) {
                Locale.setDefault(Locale.forLanguageTag(language));
                assertThat(flist.write(work.resolve("local.flist"))).as(language).isEqualTo(plain);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void openWhenArchiveHasNoDatabaseSaysSo() throws Exception {
        Path file = write(out -> {
            UstarWriter tar = new UstarWriter(out);
            tar.file("readme", new byte[]{1}, 0);
            tar.finish();
        });
        assertRefused(Files.readAllBytes(file), "no member flistdb.sqlite3");
    }

    @Test
    void openAcceptsTheDatabaseVariantsOtherReadersAccept() throws Exception {
        assertReadable(variant("PRAGMA journal_mode=WAL"));
        assertReadable(variant("DROP TABLE metadata"));
        assertReadable(variant("PRAGMA page_size=65536", "VACUUM"));
        assertReadable(variant("CREATE TABLE e2 (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID",
                "INSERT INTO e2 SELECT * FROM entries", "DROP TABLE entries", "ALTER TABLE e2 RENAME TO entries"));
        assertReadable(variant("CREATE INDEX extra ON entries (key)"));
    }

    @Test
    void openWhenDatabaseWouldRunCodeRefuses() throws Exception {
        assertRefused(variant("DROP TABLE entries", "CREATE VIEW entries AS WITH RECURSIVE c(key, value) AS "
                + "(SELECT '', x'00' UNION ALL SELECT key || 'x', value FROM c) SELECT * FROM c"),
                "no table 'entries'");
        assertRefused(variant("DROP TABLE entries", "CREATE TABLE entries (key TEXT, "
                + "value BLOB GENERATED ALWAYS AS (zeroblob(500000000)))", "INSERT INTO entries(key) VALUES ('a')"),
                "entries");
    }

    @Test
    void writeMakesWhatEveryReaderTakes() throws Exception {
        Flist original = Flist.open(GoldenData.file("golden.flist"));
        Flist flist = new Flist(original.root(), Map.of("a", "b"), Optional.of("lookup: []\n"));
        Path file = work.resolve("out.flist");
        String sha256 = flist.write(file);
        assertThat(Flist.open(file)).isEqualTo(flist);
        assertThat(flist.write(work.resolve("again.flist"))).isEqualTo(sha256);
        assertThat(forms(Files.readAllBytes(file))).isEmpty();
        assertThat(forms(golden)).as("that of zflist").isEmpty();
        byte[] tar = new GZIPInputStream(Files.newInputStream(file)).readAllBytes();
        assertThat(new String(tar, 0, 17, StandardCharsets.US_ASCII)).isEqualTo("./flistdb.sqlite3");
        assertThat(tar.length % 512).isZero();
        assertThat(Arrays.copyOfRange(tar, tar.length - 1024, tar.length)).containsOnly(0);
        assertThat(work.toFile().list((dir, name) -> name.endsWith(".part"))).isEmpty();
    }

    @Test
    void writeWhenDirectoryIsMissingSaysSoAndLeavesNothing() {
        Flist flist = Flist.open(GoldenData.file("golden.flist"));
        assertThatThrownBy(() -> flist.write(work.resolve("no/such/x.flist"))).isInstanceOfSatisfying(
                FlistException.class,
                e -> assertThat(e.why()).contains("no file or directory"));
    }

    private static Set<PackageForm> forms(byte[] flist) throws IOException {
        return PackageForm.of(new ByteArrayInputStream(flist));
    }

    private interface Content {
        void to(OutputStream out) throws IOException;
    }

    private Path write(Content content) throws IOException {
        Path file = work.resolve("made.flist");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            content.to(out);
        }
        return file;
    }

    private byte[] plainTar() throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(golden)).readAllBytes();
    }

    private byte[] variant(String... statements) throws Exception {
        Path file = work.resolve("variant.sqlite3");
        Files.write(file, database);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        byte[] changed = Files.readAllBytes(file);
        return Files.readAllBytes(write(out -> {
            UstarWriter tar = new UstarWriter(out);
            tar.file("./flistdb.sqlite3", changed, 0);
            tar.finish();
        }));
    }

    private void assertReadable(byte[] content) throws IOException {
        Path file = Files.write(work.resolve("in.flist"), content);
        assertThat(Flist.open(file).root()).isEqualTo(Flist.open(GoldenData.file("golden.flist")).root());
    }

    private void assertRefused(byte[] content, String why) throws IOException {
        Path file = Files.write(work.resolve("in.flist"), content);
        assertThatThrownBy(() -> Flist.open(file)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
            assertThat(e.why()).contains(why);
        });
    }
}
