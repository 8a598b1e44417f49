package zship.flist.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Folders that change while they are looked through. */
class ChangingTreeTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        for (String name : NAMES) {
            Files.createDirectories(folder.resolve(name));
            Files.writeString(folder.resolve(name).resolve("file"), name);
        }
    }

    @Test
    void tellsOfAllThatIsThereDownToTheDepth() throws IOException {
        assertThat(visited(1)).containsExactlyInAnyOrder("", "a", "b", "c", "d");
        assertThat(visited(2)).hasSize(9).contains("a/file", "d/file").first().isEqualTo("");
    }

    /** Names are read many at a time, so what is removed now would still be looked at. */
    @Test
    void passesOverWhatGoesMeanwhile() throws IOException {
        List<Path> seen = new ArrayList<>();
        ChangingTree.visit(folder, 2, (path, attributes) -> {
            seen.add(path);
            for (String name : NAMES) {
                Path other = folder.resolve(name);
                if (!path.equals(folder) && !path.startsWith(other)) {
                    Files.deleteIfExists(other.resolve("file"));
                    Files.deleteIfExists(other);
                }
            }
        });
        assertThat(seen).hasSize(3).first().isEqualTo(folder);
        assertThat(seen.get(2)).isEqualTo(seen.get(1).resolve("file"));
    }

    @Test
    void passesOverWhatGoesWhileItIsVisited() throws IOException {
        List<Path> seen = new ArrayList<>();
        ChangingTree.visit(folder, 2, (path, attributes) -> {
            seen.add(path);
            if (!path.equals(folder)) {
                throw new NoSuchFileException(path.toString());
            }
        }, FileVisitOption.FOLLOW_LINKS);
        assertThat(seen).hasSize(9);
    }

    @Test
    void otherErrorsEndTheWalk() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ChangingTree.visit(missing, 2, (path, attributes) -> {
        })).isInstanceOf(NoSuchFileException.class).hasMessage(missing.toString());
        assertThatThrownBy(() -> ChangingTree.visit(folder, 2, (path, attributes) -> {
            throw new AccessDeniedException(path.toString());
        })).isInstanceOf(AccessDeniedException.class).hasMessage(folder.toString());
    }

    @Test
    void childrenAreThoseOfTheFolderAlone() throws IOException {
        assertThat(ChangingTree.children(folder)).extracting(path -> path.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(NAMES);
        assertThat(ChangingTree.children(Path.of("/proc/self/fd"))).isNotEmpty();
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> ChangingTree.children(missing)).isInstanceOf(NoSuchFileException.class);
    }

    private List<String> visited(int depth) throws IOException {
        List<String> names = new ArrayList<>();
        ChangingTree.visit(folder, depth, (path, attributes) -> names.add(folder.relativize(path).toString()));
        return names;
    }
}
