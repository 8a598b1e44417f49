package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkCodec;
import zship.flist.store.MemoryStore;
import zship.flist.tar.UstarWriter;
import zship.flist.unpack.FileContents;

import static org.assertj.core.api.Assertions.assertThat;

/** Sparse members, made by hand; those of GNU tar are read elsewhere. The stored content is {@code 0123456789}. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SparseArchiveTest {
    private static final String STORED = "0123456789";

    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    @Test
    void partsAreWhereTheMapSays() throws Exception {
        Flist flist = pack(tar(STORED, "GNU.sparse.map=2,3,7,7", "GNU.sparse.size=16", "GNU.sparse.name=some/name"));
        assertThat(content(flist, "some/name")).isEqualTo("..012..3456789..");
    }

    @Test
    void recordsThatComeAgainAreTakenInTurn() throws Exception {
        Flist flist = pack(tar(STORED, "GNU.sparse.size=12", "GNU.sparse.numblocks=2", "GNU.sparse.offset=0",
                "GNU.sparse.numbytes=4", "GNU.sparse.offset=5", "GNU.sparse.numbytes=6"));
        assertThat(content(flist, "file")).isEqualTo("0123.456789.");
    }

    @Test
    void linesInFrontOfTheContentAreNotPartOfIt() throws Exception {
        String lines = "2\n1\n3\n6\n7\n";
        String stored = lines + "\0".repeat(512 - lines.length()) + STORED;
        Flist flist = pack(tar(stored, "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=14"));
        assertThat(content(flist, "file")).isEqualTo(".012..3456789.");
    }

    @Test
    void fileAfterASparseOneIsReadFromItsPlace() throws Exception {
        byte[] sparse = tar(STORED, "GNU.sparse.map=2,3", "GNU.sparse.size=5");
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(sparse, 0, sparse.length);
        new UstarWriter(both).file("next", "after".getBytes(StandardCharsets.US_ASCII), 0);
        assertThat(content(pack(both.toByteArray()), "next")).isEqualTo("after");
    }

    /** Hashing each piece of the hole would take a minute and more. */
    @Test
    void holeOfManyGigabytesIsOneChunk() throws Exception {
        long size = (20L << 30) + 5;
        Flist flist = pack(tar(STORED, "GNU.sparse.map=" + (size - 10) + ",10", "GNU.sparse.size=" + size));
        FileEntry file = (FileEntry) flist.lookup(TreePath.of("file")).orElseThrow();
        assertThat(file.size()).isEqualTo(size);
        assertThat(file.blocks()).hasSize((int) ChunkCodec.pieceCount(size));
        assertThat(file.blocks().stream().distinct()).as("zeros, the start and the rest of what is stored").hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,6,5,4", "5,4,0,2", "0,11", "12,9", "0,5,a,1", "-1,5", "0,99999999999999999999", ",",
        "9999999999999999,1"})
    void mapThatIsNoneIsRefused(String map) {
        assertRefused(tar(STORED, "GNU.sparse.map=" + map, "GNU.sparse.size=20"), "sparse member");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999\n", "1\n0\n-4\n", "2\n0\n4\n", "0123456789012345678901234567890123456789\n",
        "\n"})
    void linesThatAreNoneAreRefused(String lines) {
        assertRefused(tar(lines + "\0".repeat(512 - lines.length()) + STORED, "GNU.sparse.major=1",
                "GNU.sparse.realsize=20"), "sparse member");
    }

    @ParameterizedTest
    @CsvSource({"100000000000000000,more than an flist can name", "4000000000000,fit into the room"})
    void sizeThatNoFlistCanHoldIsRefusedBeforeItIsRead(String size, String why) {
        assertRefused(tar(STORED, "GNU.sparse.map=0,10", "GNU.sparse.size=" + size), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GNU.sparse.size=-5", "GNU.sparse.minor=1", "GNU.sparse.major=2"})
    void sizeOrVersionThatIsNoneIsRefused(String record) {
        assertRefused(tar(STORED, "GNU.sparse.map=0,10", record), "sparse member");
    }

    @Test
    void linesThatAreCutShortAreRefused() {
        byte[] tar = tar("2\n1\n3\n6\n7\n" + "\0".repeat(502), "GNU.sparse.major=1", "GNU.sparse.realsize=14");
        assertRefused(Arrays.copyOf(tar, tar.length - 505), "the archive ends at offset");
    }

    /** Members with the map in records and in lines. */
    static byte[] example() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(tar(STORED, "GNU.sparse.map=2,3,900000,7", "GNU.sparse.size=1600000", "GNU.sparse.name=a"));
        tar.writeBytes(tar("1\n4\n10\n" + "\0".repeat(505) + STORED, "GNU.sparse.major=1", "GNU.sparse.realsize=20",
                "GNU.sparse.name=b"));
        return tar.toByteArray();
    }

    private void assertRefused(byte[] archive, String why) {
        new ArchivePacker(work, store).assertRefused(archive, why);
    }

    private Flist pack(byte[] archive) throws IOException {
        return new ArchivePacker(work, store).pack(archive);
    }

    private String content(Flist flist, String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FileEntry file = (FileEntry) flist.lookup(TreePath.of(path)).orElseThrow();
        new FileContents(store).copy(TreePath.of(path), file, out);
        return out.toString(StandardCharsets.US_ASCII).replace('\0', '.');
    }

    /** A member {@code file} with records of a pax header. */
    private static byte[] tar(String stored, String... records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            UstarWriter tar = new UstarWriter(out);
            tar.file("header", List.of(records).stream().map(SparseArchiveTest::record).collect(Collectors.joining())
                    .getBytes(StandardCharsets.US_ASCII), 0);
            tar.file("file", stored.getBytes(StandardCharsets.US_ASCII), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] bytes = out.toByteArray();
        bytes[156] = 'x';
        PackFuzzTest.sign(bytes, 0);
        return bytes;
    }

    private static String record(String record) {
        int length = record.length() + 3;
        while (Integer.toString(length).length() + record.length() + 2 != length) {
            length++;
        }
        return length + " " + record + "\n";
    }
}
