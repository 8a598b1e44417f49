package zship.flist.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SparseFileTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void dataIsFoundBehindAHoleAndNoneBehindTheLast() throws IOException {
        try (SparseFile sparse = SparseFile.open(file(), 9 * MIB)) {
            assertThat(sparse.dataFrom(0)).isEqualTo(4 * MIB);
            assertThat(sparse.dataFrom(4 * MIB + 1)).isEqualTo(4 * MIB + 1);
            assertThat(sparse.dataFrom(5 * MIB)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** Behind its end there are no zeros but nothing, which only reading tells. */
    @Test
    void fileThatBecameShorterHasNoHoles() throws IOException {
        try (SparseFile sparse = SparseFile.open(file(), 20 * MIB)) {
            assertThat(sparse.dataFrom(0)).isZero();
            assertThat(sparse.dataFrom(10 * MIB)).isEqualTo(10 * MIB);
        }
    }

    @Test
    void fileThatCannotBeOpenedHasNoHoles() {
        try (SparseFile sparse = SparseFile.open(folder.resolve("missing"), 9 * MIB)) {
            assertThat(sparse.dataFrom(5)).isEqualTo(5);
        }
    }

    @Test
    void nameThatIsNoTextIsOpened() throws IOException {
        Path named = BytePaths.child(folder, new byte[]{'n', (byte) 0xff});
        Files.write(named, new byte[5000]);
        try (SparseFile sparse = SparseFile.open(named, 5000)) {
            assertThat(sparse.dataFrom(4999)).isEqualTo(4999);
            assertThat(sparse.dataFrom(5000)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** Nine MiB, of which only some bytes from the fourth on are data. */
    private Path file() throws IOException {
        Path path = folder.resolve("file");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(4 * MIB);
            file.write(new byte[]{1, 2, 3});
            file.setLength(9 * MIB);
        }
        return path;
    }
}
