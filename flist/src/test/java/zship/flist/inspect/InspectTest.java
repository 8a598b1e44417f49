package zship.flist.inspect;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.GoldenData;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkId;
import zship.flist.edit.TreeEdits;
import zship.flist.inspect.FlistDiff.Change;
import zship.flist.inspect.FlistDiff.What;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;

class InspectTest {
    private final Flist golden = Flist.open(GoldenData.file("golden.flist"));
    private final MemoryStore store = GoldenData.store();

    @ParameterizedTest
    @CsvSource({"root,0,0,0,true", "root,0,root,1,false", "root,-1,root,0,true", "root,-1,0,0,false",
        "root,-1,root,-1,true"})
    void ownersAreTheirNumbersWhereBothAreKnown(String user, long uid, String otherUser, long otherUid, boolean same) {
        for (boolean group : new boolean[]{false, true}) {
            FlistDiff diff = FlistDiff.between(owned(user, uid, group), owned(otherUser, otherUid, group));
            assertThat(diff.isEmpty()).isEqualTo(same);
        }
    }

    private static Flist owned(String name, long number, boolean group) {
        Permissions owners = group
                ? new Permissions("u", name, 0755, 5, number)
                : new Permissions(name, "g", 0755, number, 5);
        Attributes attributes = new Attributes(owners, 1, 1);
        return Flist.of(Directory.root(attributes, List.of(LinkEntry.of(Name.of("link"), attributes, "target"))));
    }

    @Test
    void diffOfEqualFlistsIsEmpty() {
        assertThat(FlistDiff.between(golden, golden).isEmpty()).isTrue();
    }

    @Test
    void diffNamesEachKindOfChangeAndWhatToTransfer() {
        FileEntry big = (FileEntry) golden.lookup(TreePath.of("sizes/random-1536k")).orElseThrow();
        Flist before = TreeEdits.remove(golden, TreePath.of("sizes/random-1536k"));
        Flist after = TreeEdits.remove(golden, TreePath.of("modes"));
        after = TreeEdits.changeMode(after, TreePath.of("links"), 0700);
        after = TreeEdits.put(after, TreePath.of("same-1"), big);
        FlistDiff diff = FlistDiff.between(before, after);
        assertThat(diff.changes()).contains(new Change(TreePath.of("links"), What.ATTRIBUTES, 4096, 4096),
                new Change(TreePath.of("modes"), What.REMOVED, 4096, 0),
                new Change(TreePath.of("modes/d-0000/inner"), What.REMOVED, 28, 0),
                new Change(TreePath.of("same-1"), What.CONTENT, 13, big.size()),
                new Change(TreePath.of("sizes/random-1536k"), What.ADDED, 0, big.size()));
        assertThat(diff.newChunks()).isEqualTo(3);
        assertThat(diff.newBytes()).isEqualTo(1536 * 1024);
    }

    @Test
    void usageCountsFilesFullyAndChunksOnce() {
        Directory sizes = (Directory) golden.lookup(TreePath.of("sizes")).orElseThrow();
        Usage first = Usage.perEntry(TreePath.of("sizes"), sizes).getFirst();
        assertThat(first).isEqualTo(new Usage(TreePath.of("sizes/zeros-3m"), 3 << 20, 1, 1));
        assertThat(Usage.of(TreePath.of("many"), golden.lookup(TreePath.of("many")).orElseThrow()).files())
                .isEqualTo(2000);
    }

    @Test
    void verificationWhenAllIsWellCountsChunks() {
        Verification all = Verification.ofContent(golden, store);
        assertThat(all.isSound()).isTrue();
        assertThat(all.chunks()).isEqualTo(golden.chunkIds().size());
        assertThat(Verification.ofExistence(golden, store).isSound()).isTrue();
    }

    @Test
    void verificationNamesMissingAndAlteredChunksWithTheirFiles() {
        ChunkId missing = id("same-1");
        ChunkId altered = id("links/target.txt");
        store.chunks().remove(missing);
        byte[] data = store.get(altered).orElseThrow().clone();
        data[3] ^= 1;
        store.put(altered, data);
        assertThat(Verification.ofExistence(golden, store).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.id()).contains(missing);
            assertThat(fault.file()).hasToString("/same-1");
        });
        assertThat(Verification.ofContent(golden, store).faults()).extracting(Verification.Fault::id)
                .containsExactlyInAnyOrder(Optional.of(missing), Optional.of(altered));
    }

    @Test
    void verificationFindsFilesThatLackAChunkOrHaveOneOfAnotherLength() {
        FileEntry whole = (FileEntry) golden.lookup(TreePath.of("sizes/random-512k-plus-1")).orElseThrow();
        FileEntry cut = new FileEntry(whole.name(), whole.attributes(), whole.size(), whole.pieceSize(),
                whole.blocks().subList(0, 1));
        FileEntry other = new FileEntry(whole.name(), whole.attributes(), whole.size() + 1, whole.pieceSize(),
                whole.blocks());
        assertThat(Verification.ofContent(with(cut), store).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.file()).hasToString("/sizes/random-512k-plus-1");
            assertThat(fault.why()).isEqualTo("the flist names 1 chunks, but 524289 bytes need 2");
        });
        assertThat(Verification.ofExistence(with(cut), store).faults()).singleElement()
                .extracting(Verification.Fault::file).hasToString("/sizes/random-512k-plus-1");
        assertThat(Verification.ofContent(with(other), store).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.id()).contains(whole.blocks().getLast().id());
            assertThat(fault.why()).isEqualTo("it holds 1 bytes, but 2 belong there");
        });
    }

    private Flist with(FileEntry file) {
        return TreeEdits.put(golden, TreePath.of("sizes/random-512k-plus-1"), file);
    }

    private ChunkId id(String path) {
        Optional<FileEntry> file = golden.lookup(TreePath.of(path)).map(FileEntry.class::cast);
        return file.orElseThrow().blocks().getFirst().id();
    }
}
