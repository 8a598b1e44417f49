package zship.flist;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.GoldenData.Line;
import zship.flist.store.MemoryStore;
import zship.flist.unpack.UnpackedTree;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;

/** Flists of the real tool (2.3.0 and the one of April 2019) against the tree they were made of. */
class GoldenFlistTest {
    private final MemoryStore store = GoldenData.store();

    @Test
    void openWhenMadeByCurrentToolListsTheTree() {
        Flist flist = Flist.open(GoldenData.file("golden.flist"));
        assertThat(byPath(TreeListing.of(flist, store))).isEqualTo(byPath(expected()));
        assertThat(flist.root().permissions()).isEqualTo(Permissions.ROOT_DIRECTORY);
    }

    @Test
    void openWhenMadeByCurrentToolReadsMetadata() {
        Flist flist = Flist.open(GoldenData.file("golden.flist"));
        assertThat(flist.metadata()).containsEntry("backend", "{\"host\": \"127.0.0.1\", \"port\": 9931}")
                .containsEntry("hello", "world").containsKeys("entrypoint", "environ", "port", "volume", "readme");
        assertThat(flist.router()).isEmpty();
    }

    @Test
    void openWhenMadeIn2019ListsTheTree() {
        Flist flist = Flist.open(GoldenData.file("old-2019.flist"));
        Map<String, Line> expected = byPath(expected());
        Map<String, Line> actual = byPath(TreeListing.of(flist, store));
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((path, line) -> {
            Line wanted = expected.get(path);
            assertThat(line.content()).as(path).isEqualTo(wanted.content());
            assertThat(line.size()).as(path).isEqualTo(wanted.size());
            if (!path.equals("/")) {
                assertThat(line.modified()).as(path).isEqualTo(wanted.modified());
            }
            assertThat(line.uid()).as(path).isEqualTo(Permissions.UNKNOWN);
        });
        assertThat(flist.metadata()).isEmpty();
    }

    @Test
    void unpackWhenMadeByCurrentToolGivesTheTree(@TempDir Path directory) throws Exception {
        Flist flist = Flist.open(GoldenData.file("golden.flist"));
        UnpackedTree unpacked = new Unpacker(store).unpack(flist, directory.resolve("root"));
        assertThat(unpacked.shortened()).isEmpty();
        assertThat(byPath(TreeListing.of(directory.resolve("root")))).isEqualTo(byPath(expected()));
    }

    /** The tree, with what the tool is known to lose: the type of special files and the root's own attributes. */
    private static List<Line> expected() {
        List<Line> lines = GoldenData.tree();
        lines.replaceAll(line -> switch (line.type()) {
            case 'b' ->
                new Line('c', line.mode(), line.uid(), line.gid(), line.modified(), 0, line.content(), line.path());
            case 'p' -> new Line('s', line.mode(), line.uid(), line.gid(), line.modified(), 0, "-", line.path());
            default -> line.path().equals("/") ? line.withModified(0) : line;
        });
        lines.add(new Line('s', 0755, 0, 0, 1500002144, 0, "-", "/special/unix.sock"));
        return lines;
    }

    private static Map<String, Line> byPath(List<Line> lines) {
        Map<String, Line> map = new HashMap<>();
        lines.forEach(line -> map.put(line.path(), line));
        assertThat(map).hasSameSizeAs(lines);
        return map;
    }
}
