package zship.flist.pack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.store.MemoryStore;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;

/** Sizes at which other tools lose the last piece, and sizes that no 32-bit number holds. Files are sparse: almost all hole. */
class LargeFilesTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    @ParameterizedTest
    @CsvSource({"16,1,33", "32,1,65", "64,3,129"})
    void tailOfAFileJustOverAPowerOfTwoIsThere(long mebibytes, int more, int pieces) throws Exception {
        long size = mebibytes * MIB + more;
        Flist flist = pack(size);
        assertThat(file(flist).blocks()).hasSize(pieces);
        new Unpacker(store).unpack(flist, work.resolve("out"));
        assertThat(Files.mismatch(work.resolve("tree/file"), work.resolve("out/file"))).isEqualTo(-1);
    }

    @Test
    void fileOfMoreThanFourGibibytesHasAllItsPieces() throws Exception {
        long size = (4L << 30) + 1;
        Flist flist = pack(size);
        assertThat(file(flist).size()).isEqualTo(size);
        assertThat(file(flist).blocks()).hasSize(8193);
        assertThat(flist.chunkIds()).as("the zeros are one chunk").hasSize(2);
        Block last = file(flist).blocks().getLast();
        assertThat(new ChunkCodec().decode(last, store.get(last.id()).orElseThrow(), ChunkCodec.PIECE_SIZE))
                .containsExactly('!');
        new Unpacker(store).unpack(flist, work.resolve("out"));
        assertEqualEnds(work.resolve("out/file"), size);
    }

    /** A file that ends with zeros has its full length, and zeros where its hole is. */
    @Test
    void fileOfZerosHasItsLength() throws Exception {
        Path tree = Files.createDirectories(work.resolve("tree"));
        byte[] zeros = new byte[3 * ChunkCodec.PIECE_SIZE + 7];
        Files.write(tree.resolve("file"), zeros);
        Path flist = work.resolve("zeros.flist");
        new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        new Unpacker(store).unpack(Flist.open(flist), work.resolve("out"));
        assertThat(work.resolve("out/file")).hasBinaryContent(zeros);
    }

    private static void assertEqualEnds(Path file, long size) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "r")) {
            assertThat(out.length()).isEqualTo(size);
            assertThat(out.read()).isZero();
            out.seek(size - 2);
            assertThat(out.read()).isZero();
            assertThat(out.read()).isEqualTo('!');
        }
    }

    private Flist pack(long size) throws IOException {
        Path tree = Files.createDirectories(work.resolve("tree"));
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("file").toFile(), "rw")) {
            file.seek(size - 1);
            file.write('!');
        }
        Path flist = work.resolve("large.flist");
        new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        return Flist.open(flist);
    }

    private static FileEntry file(Flist flist) {
        Directory root = flist.root();
        return (FileEntry) root.entries().getFirst();
    }
}
