package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.CorruptChunkException;
import zship.flist.store.MemoryStore;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThat(content(last)).containsExactly('!');
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

    /** Reading a quarter of a terabyte of zeros would take minutes. */
    @Test
    @Timeout(60)
    void holesOfAFileAreNotReadAndWhatIsBetweenThemIsThere() throws Exception {
        long middle = (100L << 30) + 300_000;
        byte[] data = new byte[2 * ChunkCodec.PIECE_SIZE];
        new Random(1).nextBytes(data);
        Path tree = Files.createDirectories(work.resolve("tree"));
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("file").toFile(), "rw")) {
            file.write('?');
            file.seek(middle);
            file.write(data);
            file.setLength(256L << 30);
        }
        FileEntry packed = file(pack(tree, PackOptions.DEFAULT));
        assertThat(packed.size()).isEqualTo(256L << 30);
        assertThat(packed.blocks()).hasSize(512 << 10);
        assertThat(content(packed.blocks().getFirst())).startsWith((byte) '?', (byte) 0).endsWith((byte) 0);
        int first = (int) (middle / ChunkCodec.PIECE_SIZE);
        int from = (int) (middle % ChunkCodec.PIECE_SIZE);
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (Block block : packed.blocks().subList(first, first + 3)) {
            pieces.write(content(block));
        }
        assertThat(Arrays.copyOfRange(pieces.toByteArray(), from, from + data.length)).isEqualTo(data);
        assertThat(packed.blocks().stream().distinct().count()).as("those with data, and zeros").isEqualTo(5);
    }

    @Test
    void fileWithHolesIsTheSameAsOneWithTheirZeros() throws Exception {
        Path sparse = Files.createDirectories(work.resolve("sparse")).resolve("file");
        Path dense = Files.createDirectories(work.resolve("dense")).resolve("file");
        long size = 80 * MIB + 12_345;
        Random random = new Random(2);
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            for (int i = 0; i < 12; i++) {
                byte[] data = new byte[1 + random.nextInt(ChunkCodec.PIECE_SIZE)];
                random.nextBytes(data);
                file.seek(random.nextInt((int) size - data.length));
                file.write(data);
            }
            file.setLength(size);
        }
        try (InputStream holes = Files.newInputStream(sparse)) {
            Files.copy(holes, dense);
        }
        assertThat(file(pack(sparse.getParent(), PackOptions.DEFAULT)).blocks())
                .isEqualTo(file(pack(dense.getParent(), PackOptions.DEFAULT)).blocks());
    }

    @Test
    void holesThatTheTreeHasNoRoomForAreRefused() throws Exception {
        Path tree = Files.createDirectories(work.resolve("tree"));
        try (RandomAccessFile file = new RandomAccessFile(tree.resolve("file").toFile(), "rw")) {
            file.setLength(1 << 30);
        }
        assertThatThrownBy(() -> pack(tree, PackOptions.DEFAULT.withLargestTree(64 << 10)))
                .isInstanceOf(FlistException.class).hasMessageContaining("tree/file")
                .hasMessageContaining("more entries than fit");
    }

    private byte[] content(Block block) throws CorruptChunkException {
        return new ChunkCodec().decode(block, store.get(block.id()).orElseThrow(), ChunkCodec.PIECE_SIZE);
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
        return pack(tree, PackOptions.DEFAULT);
    }

    private Flist pack(Path tree, PackOptions options) {
        Path flist = work.resolve("large.flist");
        new Packer(store, PackEvents.none()).pack(tree, flist, options);
        return Flist.open(flist);
    }

    private static FileEntry file(Flist flist) {
        Directory root = flist.root();
        return (FileEntry) root.entries().getFirst();
    }
}
