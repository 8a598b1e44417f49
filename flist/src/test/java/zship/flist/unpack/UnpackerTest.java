package zship.flist.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.FlistException.Kind;
import zship.flist.GoldenData;
import zship.flist.GoldenData.Line;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.SpecialEntry;
import zship.flist.TreeListing;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.Chunk;
import zship.flist.chunk.ChunkCodec;
import zship.flist.disk.BytePaths;
import zship.flist.edit.TreeEdits;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UnpackerTest {
    private static final Attributes PLAIN = new Attributes(Permissions.of(0, 0, 0644), 1, 2);

    @TempDir
    private Path work;

    private final Flist golden = Flist.open(GoldenData.file("golden.flist"));
    private final MemoryStore store = GoldenData.store();

    @Test
    void unpackWhenChunkIsMissingNamesChunkAndFile() {
        Block block = file("same-1").blocks().getFirst();
        store.chunks().remove(block.id());
        expect(Kind.CHUNK_MISSING, block.id().toString(), "/same-");
    }

    /** Numbers beyond 32 bits, and beyond what the kernel knows. */
    @ParameterizedTest
    @ValueSource(strings = {"9999999999,4294967296", "4294967295,4294967295", "999999999999999999,0"})
    void unpackLeavesOutDevicesThatNoSystemHas(String device) throws IOException {
        List<Long> numbers = Stream.of(device.split(",")).map(Long::valueOf).toList();
        SpecialEntry special = new SpecialEntry(Name.of("device"), PLAIN, SpecialEntry.Kind.BLOCK, numbers.getFirst(),
                numbers.getLast());
        LinkEntry link = LinkEntry.of(Name.of("link"), PLAIN, "target");
        Path file = work.resolve("odd.flist");
        Flist.of(Directory.root(PLAIN, List.of(special, link))).write(file);
        Flist read = Flist.open(file);
        assertThat(read.lookup(TreePath.of("device"))).contains(special);
        UnpackedTree made = new Unpacker(store).unpack(read, work.resolve("out"));
        assertThat(made.skipped()).containsExactly(TreePath.of("device"));
        assertThat(work.resolve("out/link")).isSymbolicLink();
        assertThat(Files.exists(work.resolve("out/device"))).isFalse();
    }

    @Test
    void unpackWhenChunkIsAlteredNamesChunkAndFile() {
        Block block = file("links/target.txt").blocks().getFirst();
        store.put(block.id(), new byte[]{1, 2, 3, 4, 5, 6, 7, 8});
        expect(Kind.CHUNK_ALTERED, block.id().toString(), "/links/target.txt");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void unpackWhenPieceHasTheWrongLengthRefuses(int length) {
        Chunk chunk = new ChunkCodec().encode(new byte[]{1, 2, 3});
        store.put(chunk.id(), chunk.stored());
        FileEntry wrong = new FileEntry(Name.of("wrong"), PLAIN, length, ChunkCodec.PIECE_SIZE, List.of(chunk.block()));
        Flist flist = Flist.of(Directory.root(PLAIN, List.of(wrong)));
        assertThatThrownBy(() -> new Unpacker(store).unpack(flist, work.resolve("out"))).isInstanceOfSatisfying(
                FlistException.class, e -> assertThat(e.why())
                        .contains("it holds 3 bytes, but " + length + " belong there"));
    }

    @Test
    void unpackWhenTheLastPieceIsLostWritesTheRestAndSaysSo() {
        FileEntry whole = file("sizes/random-512k-plus-1");
        FileEntry cut = new FileEntry(whole.name(), whole.attributes(), whole.size(), whole.pieceSize(),
                whole.blocks().subList(0, 1));
        Flist flist = Flist.of(Directory.root(PLAIN, List.of(cut)));
        UnpackedTree tree = new Unpacker(store).unpack(flist, work.resolve("out"));
        assertThat(tree.shortened()).containsExactly(TreePath.of("random-512k-plus-1"));
        assertThat(work.resolve("out/random-512k-plus-1").toFile()).hasSize(512 * 1024);
    }

    @Test
    void unpackFetchesContentOnceHoweverManyFilesHaveIt() throws Exception {
        List<Entry> files = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            // Every other file is like the first one; all of them are many batches.
            String content = i % 2 == 0 ? "the same" : "number " + i;
            Chunk chunk = new ChunkCodec().encode(content.getBytes(StandardCharsets.UTF_8));
            store.put(chunk.id(), chunk.stored());
            files.add(new FileEntry(Name.of("f%03d".formatted(i)), PLAIN, chunk.plainLength(), ChunkCodec.PIECE_SIZE,
                    List.of(chunk.block())));
        }
        new Unpacker(store).unpack(Flist.of(Directory.root(PLAIN, files)), work.resolve("out"));
        for (int i = 0; i < 1000; i++) {
            assertThat(work.resolve("out/f%03d".formatted(i))).hasContent(i % 2 == 0 ? "the same" : "number " + i);
        }
        // At most once for each 256 files that are written together.
        assertThat(store.gets()).isBetween(501, 503);
    }

    /** The last chunk is missing, so everything else is on disk when unpacking ends: it must not be readable for others. */
    @Test
    void unpackedFilesAreTheOwnersAloneUntilTheyHaveTheirRights() {
        store.chunks().remove(golden.chunkIds().stream().reduce((first, second) -> second).orElseThrow());
        assertThatThrownBy(() -> new Unpacker(store).unpack(golden, work.resolve("out")))
                .isInstanceOf(FlistException.class);
        try (var files = Files.walk(work.resolve("out"))) {
            assertThat(files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))).isNotEmpty()
                    .allSatisfy(each -> assertThat(Files.getPosixFilePermissions(each))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void resumeKeepsWhatIsRightAndMakesTheRestAsTheFlistSays() throws Exception {
        Path target = work.resolve("root");
        Block last = file("sizes/random-1536k").blocks().getLast();
        byte[] stored = store.get(last.id()).orElseThrow();
        store.chunks().remove(last.id());
        assertThatThrownBy(() -> new Unpacker(store).unpack(golden, target)).isInstanceOf(FlistException.class);
        store.put(last.id(), stored);
        UnpackedTree resumed = new Unpacker(store).resume(golden, target);
        assertThat(resumed.bytes()).isGreaterThan(8_000_000);
        List<Line> expected = TreeListing.of(unpacked(golden));
        assertThat(TreeListing.of(target)).isEqualTo(expected);
        Files.delete(target.resolve("same-1"));
        Files.write(target.resolve("sizes/four-bytes"), new byte[900]);
        Files.write(target.resolve("sizes/empty"), new byte[9]);
        Files.delete(target.resolve("links/rel"));
        Files.createSymbolicLink(target.resolve("links/rel"), Path.of("/etc"));
        MemoryStore onlyWhatIsMissing = new MemoryStore();
        for (String path : List.of("same-1", "sizes/four-bytes")) {
            Block block = file(path).blocks().getFirst();
            onlyWhatIsMissing.put(block.id(), store.get(block.id()).orElseThrow());
        }
        UnpackedTree again = new Unpacker(onlyWhatIsMissing).resume(golden, target);
        assertThat(again.kept()).isEqualTo(again.bytes() - file("same-1").size() - file("sizes/four-bytes").size());
        assertThat(TreeListing.of(target)).isEqualTo(expected);
    }

    @Test
    void resumeNeverFollowsWhatSomebodyElsePutThere() throws Exception {
        Path outside = Files.createDirectories(work.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "precious");
        Path target = Files.createDirectories(work.resolve("root"));
        Files.createSymbolicLink(target.resolve("names"), outside);
        assertThatThrownBy(() -> new Unpacker(store).resume(golden, target)).isInstanceOf(FlistException.class)
                .hasMessageContaining("something of another kind");
        Files.delete(target.resolve("names"));
        Files.createSymbolicLink(target.resolve("same-1"), outside.resolve("precious"));
        Files.createLink(target.resolve("same-2"), outside.resolve("precious"));
        new Unpacker(store).resume(golden, target);
        assertThat(outside.resolve("precious")).hasContent("precious");
        assertThat(target.resolve("same-1")).hasContent("same content\n");
        assertThat(Files.isSymbolicLink(target.resolve("same-1"))).isFalse();
        Files.writeString(target.resolve("foreign"), "x");
        assertThatThrownBy(() -> new Unpacker(store).resume(golden, target)).isInstanceOf(FlistException.class)
                .hasMessageContaining("the flist has no such entry");
    }

    private Path unpacked(Flist flist) throws Exception {
        Path target = Files.createTempDirectory(work, "whole").resolve("root");
        new Unpacker(store).unpack(flist, target);
        return target;
    }

    @Test
    void unpackWhenTargetIsNotEmptyRefuses() throws Exception {
        Files.createFile(work.resolve("something"));
        assertThatThrownBy(() -> new Unpacker(store).unpack(golden, work)).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.why()).isEqualTo("the directory is not empty"));
    }

    @Test
    void unpackKeepsNamesAndTargetsByteForByte() throws Exception {
        byte[] name = {'n', (byte) 0xff, (byte) 0xfe, '\n'};
        byte[] target = {'.', '/', '/', 'x', (byte) 0x80, '/'};
        Flist flist = Flist.of(Directory.root(PLAIN.withPermissions(Permissions.of(0, 0, 0755)),
                List.of(LinkEntry.of(Name.of(name), PLAIN, target))));
        new Unpacker(store).unpack(flist, work.resolve("out"));
        Path link = BytePaths.child(work.resolve("out"), name);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(BytePaths.bytes(Files.readSymbolicLink(link))).isEqualTo(target);
    }

    @Test
    void copyGivesTheExactContentWithZerosAndWithoutNewlines() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new FileContents(store).copy(TreePath.of("sizes/sparse-2m"), file("sizes/sparse-2m"), out);
        byte[] expected = new byte[2 << 20];
        expected[1 << 20] = 'x';
        expected[(2 << 20) - 1] = 'y';
        assertThat(out.toByteArray()).isEqualTo(expected);
    }

    @Test
    void unpackWhenFlistNamesTooManyPiecesRefuses() {
        FileEntry file = file("sizes/zeros-3m");
        FileEntry wrong = new FileEntry(file.name(), file.attributes(), 1, file.pieceSize(), file.blocks());
        Flist flist = TreeEdits.put(golden, TreePath.of("sizes/zeros-3m"), wrong);
        assertThatThrownBy(() -> new Unpacker(store).unpack(flist, work.resolve("out"))).isInstanceOfSatisfying(
                FlistException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
    }

    private void expect(Kind kind, String id, String path) {
        assertThatThrownBy(() -> new Unpacker(store).unpack(golden, work.resolve("out")))
                .isInstanceOfSatisfying(FlistException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e.what()).contains(id).contains(path);
                });
    }

    private FileEntry file(String path) {
        return (FileEntry) golden.lookup(TreePath.of(path)).orElseThrow();
    }
}
