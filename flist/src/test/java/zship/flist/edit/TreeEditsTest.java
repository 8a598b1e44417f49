package zship.flist.edit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.GoldenData;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreePath;
import zship.flist.disk.OpenFiles;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TreeEditsTest {
    private static final Attributes PLAIN = new Attributes(Permissions.ROOT_DIRECTORY, 1, 2);

    @TempDir
    private Path work;

    private final Flist golden = Flist.open(GoldenData.file("golden.flist"));

    @Test
    void putReplacesAndAddsUnderThePathsName() {
        Flist changed = TreeEdits.put(golden, TreePath.of("links/new"), link("x", "/a"));
        changed = TreeEdits.put(changed, TreePath.of("links/rel"), link("x", "/b"));
        assertThat(changed.lookup(TreePath.of("links/new"))).contains(link("new", "/a"));
        assertThat(changed.lookup(TreePath.of("links/rel"))).contains(link("rel", "/b"));
        assertThat(changed.lookup(TreePath.of("many"))).isEqualTo(golden.lookup(TreePath.of("many")));
    }

    @Test
    void putWhenDirectoryIsMissingOrAFileRefuses() {
        for (String path : List.of("nowhere/x", "same-1/x", "/")) {
            assertThatThrownBy(() -> TreeEdits.put(golden, TreePath.of(path), link("x", "y")))
                    .isInstanceOf(FlistException.class);
        }
    }

    @Test
    void makeDirectoryIsIdempotentButNotOverFiles() {
        Flist once = TreeEdits.makeDirectory(golden, TreePath.of("srv"), PLAIN);
        assertThat(TreeEdits.makeDirectory(once, TreePath.of("/srv/"), PLAIN)).isEqualTo(once);
        assertThatThrownBy(() -> TreeEdits.makeDirectory(golden, TreePath.of("same-1"), PLAIN))
                .isInstanceOf(FlistException.class);
    }

    @Test
    void removeTakesADirectoryWithItsRows() {
        Flist changed = TreeEdits.remove(golden, TreePath.of("many"));
        changed.write(work.resolve("x.flist"));
        assertThat(work.resolve("x.flist").toFile().length())
                .isLessThan(GoldenData.file("golden.flist").toFile().length() / 3);
        assertThat(Flist.open(work.resolve("x.flist")).lookup(TreePath.of("many"))).isEmpty();
        assertThatThrownBy(() -> TreeEdits.remove(golden, TreePath.of("none"))).isInstanceOf(FlistException.class);
        assertThatThrownBy(() -> TreeEdits.remove(golden, TreePath.ROOT)).isInstanceOf(FlistException.class);
    }

    @Test
    void changeModeSetsAndClearsAllBitsOfDirectoriesToo() {
        Flist changed = TreeEdits.changeMode(golden, TreePath.of("modes/d-1777"), 0755);
        changed = TreeEdits.changeMode(changed, TreePath.of("same-1"), 06711);
        changed = TreeEdits.changeMode(changed, TreePath.ROOT, 0700);
        changed.write(work.resolve("x.flist"));
        Flist read = Flist.open(work.resolve("x.flist"));
        assertThat(mode(read, "modes/d-1777")).isEqualTo(0755);
        assertThat(mode(read, "same-1")).isEqualTo(06711);
        assertThat(mode(read, "/")).isEqualTo(0700);
    }

    @Test
    void putAllTwiceIsTheSameAsOnce() throws Exception {
        Path local = Files.createDirectories(work.resolve("local/sub"));
        Files.writeString(local.resolve("file"), "content");
        Files.writeString(local.getParent().resolve("same-1"), "replaced");
        Directory tree = new Packer(new MemoryStore(), PackEvents.none()).encode(local.getParent(),
                PackOptions.DEFAULT);
        Flist once = TreeEdits.putAll(golden, TreePath.ROOT, tree);
        assertThat(TreeEdits.putAll(once, TreePath.ROOT, tree)).isEqualTo(once);
        assertThat(once.lookup(TreePath.of("sub/file"))).isPresent();
        assertThat(once.lookup(TreePath.of("same-1"))).get().extracting(Entry::size).isEqualTo(8L);
        assertThat(once.root().attributes()).isEqualTo(golden.root().attributes());
    }

    @Test
    void encodingKeepsNoFileThatWouldBeLeftWhenItIsBrokenOff() throws Exception {
        Path local = Files.createDirectories(work.resolve("broken-off"));
        Files.writeString(local.resolve("file"), "content");
        List<Path> whileSending = new ArrayList<>();
        MemoryStore store = new MemoryStore();
        new Packer(store, event -> whileSending.addAll(OpenFiles.named(".scratch"))).encode(local, PackOptions.DEFAULT);
        assertThat(store.chunks()).hasSize(1);
        assertThat(whileSending).isEmpty();
    }

    @Test
    void mergeLetsTheFirstWin() {
        Flist upper = Flist.of(Directory.root(PLAIN, List.of(link("many", "gone"),
                Directory.of(Name.of("links"), PLAIN, List.of(link("rel", "/upper")))))).withMetadata("hello", "upper");
        Flist merged = TreeEdits.merge(upper, golden);
        assertThat(merged.lookup(TreePath.of("many"))).contains(link("many", "gone"));
        assertThat(merged.lookup(TreePath.of("links/rel"))).contains(link("rel", "/upper"));
        assertThat(merged.lookup(TreePath.of("links/abs"))).isPresent();
        assertThat(merged.lookup(TreePath.of("sizes/zeros-3m"))).isPresent();
        assertThat(merged.metadata()).containsOnlyKeys("hello").containsEntry("hello", "upper");
    }

    @Test
    void applyWhenSeveralThreadsChangeOneFileLosesNothing() throws Exception {
        Path file = work.resolve("shared.flist");
        Flist.of(Directory.root(PLAIN, List.of())).write(file);
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                TreePath path = TreePath.of("link-" + i);
                pool.submit(() -> FlistUpdate.apply(file, flist -> TreeEdits.put(flist, path, link("x", "y"))));
            }
        }
        assertThat(Flist.open(file).root().entries()).hasSize(40);
    }

    @Test
    void applyWhenTheChangeFailsLeavesTheFileAlone() throws Exception {
        Path file = Files.copy(GoldenData.file("golden.flist"), work.resolve("x.flist"));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> FlistUpdate.apply(file, flist -> TreeEdits.remove(flist, TreePath.of("none"))))
                .isInstanceOf(FlistException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThatThrownBy(() -> FlistUpdate.apply(work.resolve("none"), flist -> flist)).isInstanceOfSatisfying(
                FlistException.class, e -> assertThat(e.kind()).isEqualTo(FlistException.Kind.NOT_FOUND));
    }

    private static int mode(Flist flist, String path) {
        return flist.lookup(TreePath.of(path)).orElseThrow().permissions().mode();
    }

    private static LinkEntry link(String name, String target) {
        return LinkEntry.of(Name.of(name), PLAIN, target);
    }
}
