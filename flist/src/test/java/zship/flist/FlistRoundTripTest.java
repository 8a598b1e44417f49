package zship.flist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlistRoundTripTest {
    private static final Attributes PLAIN = new Attributes(Permissions.ROOT_DIRECTORY, 1, 2);

    @TempDir
    private Path work;

    @Test
    void openGivesWhatWasWrittenForRandomTrees() {
        for (int seed = 0; seed < 100; seed++) {
            Flist flist = new Flist(new RandomTrees(seed).root(4),
                    Map.of("k\u00e9y", "v\u00e4lue " + seed, "empty", ""),
                    seed % 2 == 0 ? Optional.empty() : Optional.of("lookup: []\n"));
            Path file = work.resolve(seed + ".flist");
            flist.write(file);
            assertThat(Flist.open(file)).as("seed %d", seed).isEqualTo(flist);
        }
    }

    @Test
    void openGivesAllOfAHundredThousandEntries() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            entries.add(LinkEntry.of(Name.of("file-" + i), PLAIN, "target"));
        }
        Flist flist = Flist.of(Directory.root(PLAIN, entries));
        flist.write(work.resolve("large.flist"));
        Flist read = Flist.open(work.resolve("large.flist"));
        assertThat(read.root().entries()).hasSize(100_000);
        assertThat(read.lookup(TreePath.of("/file-77777"))).isPresent();
    }

    @Test
    void openWhenTreeIsTooDeepRefuses() {
        Directory directory = Directory.of(Name.of("d"), PLAIN, List.of());
        for (int i = 0; i < 1100; i++) {
            directory = Directory.of(Name.of("d"), PLAIN, List.of(directory));
        }
        Flist flist = Flist.of(Directory.root(PLAIN, List.of(directory)));
        flist.write(work.resolve("deep.flist"));
        assertThatThrownBy(() -> Flist.open(work.resolve("deep.flist"))).isInstanceOf(FlistException.class)
                .hasMessageContaining("deeper than 1024");
    }

    @Test
    void nameRefusesWhatNoFileSystemTakes() {
        for (String bad : List.of("", ".", "..", "a/b", "a\0b", "x".repeat(256))) {
            assertThatThrownBy(() -> Name.of(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Name.of(new byte[]{'a', (byte) 0xff, '\n', '\\'})).hasToString("a\\xff\\x0a\\\\");
    }

    @Test
    void treePathNormalisesSlashesAndRefusesToLeaveTheTree() {
        assertThat(TreePath.of("//etc/./passwd/")).hasToString("/etc/passwd").isEqualTo(TreePath.of("etc/passwd"));
        assertThat(TreePath.of("/")).isEqualTo(TreePath.ROOT);
        assertThatThrownBy(() -> TreePath.of("etc/../../x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretNeverShowsItself() {
        assertThat(Secret.of("canary")).hasToString("***").isEqualTo(Secret.of("canary")).isNotEqualTo(Secret.of("x"));
        assertThat("" + List.of(Secret.of("canary"))).doesNotContain("canary");
    }
}
