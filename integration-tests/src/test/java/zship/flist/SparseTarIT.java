package zship.flist;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.DiscardingStore;

import static org.assertj.core.api.Assertions.assertThat;

/** What GNU tar writes with {@code --sparse}, in each of its ways, and bsdtar by itself, becomes the flist of the directory. */
class SparseTarIT {
    @TempDir
    private Path work;

    @BeforeEach
    void files() throws Exception {
        Path tree = Files.createDirectories(work.resolve("tree/etc"));
        Files.writeString(tree.resolve("passwd"), "root:x:0:0::/:/bin/sh\n");
        Files.writeString(tree.resolve("plain"), "no hole at all");
        sparse(tree.resolve("hole-in-front"), 3_000_000, 2_500_000);
        sparse(tree.resolve("hole-at-the-end"), 5 << 19, 0);
        sparse(tree.resolve("hole-only"), 4_000_001);
        sparse(tree.resolve("on-the-edges"), 4 << 19, 1 << 19, (2 << 19) - 4096);
        // More stretches than any one table has.
        sparse(tree.resolve("many"), 60_000_000, LongStream.range(0, 100).map(i -> i * 550_000)
                .toArray());
        sparse(tree.resolve("n".repeat(150)), 1L << 30, 700L << 20);
    }

    private static void sparse(Path file, long size, long... written) throws Exception {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(size);
            for (long at : written) {
                out.seek(at);
                out.writeBytes("written at " + at);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar --sparse --format=gnu", "tar --sparse --format=posix --sparse-version=0.0",
        "tar --sparse --format=posix --sparse-version=0.1", "tar --sparse --format=posix --sparse-version=1.0",
        "bsdtar"})
    void packOfASparseTarIsThatOfItsDirectory(String archiver) throws Exception {
        Path archive = work.resolve("sparse.tar");
        List<String> command = new ArrayList<>(List.of(archiver.split(" ")));
        command.addAll(List.of("--create", "--file", archive.toString(), "--directory",
                work.resolve("tree").toString(), "."));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        assertThat(archive).as("it is really sparse")
                .satisfies(file -> assertThat(Files.size(file)).isLessThan(2 << 20));
        assertThat(pack(archive)).isEqualTo(pack(work.resolve("tree")));
    }

    private String pack(Path source) {
        return new Packer(new DiscardingStore(), PackEvents.none()).pack(source, work.resolve("flist"),
                PackOptions.DEFAULT).sha256();
    }
}
