package zship.flist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.GoldenData.Line;
import zship.flist.chunk.ChunkCodec;
import zship.flist.disk.BytePaths;
import zship.flist.disk.SystemCalls;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.MemoryStore;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;

/** Random trees on disk, packed, read and unpacked: every name, link, right, time and byte comes back. */
class DiskRoundTripTest {
    private static final long LAST_SECOND = 0xffff_ffffL;
    private static final long[] TIMES = {0, 1, 1_500_000_000, 1L << 31, LAST_SECOND, -1, -5_000_000_000L, 1L << 32,
        1L << 33};
    private static final int PIECE = ChunkCodec.PIECE_SIZE;
    private static final int[] SIZES = {0, 1, 13, 4095, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE};
    private static final List<byte[]> NAMES = List.of(bytes("\u00e9"), bytes("e\u0301"),
            bytes("\ufb01 \u212b \ud83d\udcfb"),
            bytes("x".repeat(255)), bytes("\u00e9".repeat(127) + "y"), new byte[]{(byte) 0xff, (byte) 0xfe, '\n'},
            new byte[]{(byte) 0xc3}, bytes("..."), bytes(" "), bytes("-rf"), bytes("a\\x41%41:;*?\"'"));

    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void treeComesBackFromItsFlist(long seed) throws Exception {
        Path tree = Files.createDirectory(work.resolve("tree"));
        fill(tree, 4, new Random(seed));
        roundTrip(tree);
    }

    @Test
    void fortyDirectoriesDeepWithTheLongestNamesComesBack() throws Exception {
        Path tree = Files.createDirectory(work.resolve("tree"));
        Path at = tree;
        for (int i = 0; i < 40; i++) {
            at = Files.createDirectory(at.resolve((i + "-").repeat(20)));
        }
        Files.writeString(at.resolve("x".repeat(255)), "deep");
        roundTrip(tree);
    }

    @Test
    void sameTreeGivesTheSameBytesWithTheCreationTimeAskedFor() throws Exception {
        Path tree = Files.createDirectory(work.resolve("tree"));
        fill(tree, 3, new Random(9));
        Flist first = pack(tree, "a.flist", 1_600_000_000);
        assertThat(Files.mismatch(work.resolve("a.flist"), pack(tree, "b.flist", 1_600_000_000, 1))).isEqualTo(-1);
        first.walk((path, entry) -> assertThat(entry.attributes().created()).as(path.toString())
                .isEqualTo(1_600_000_000));
        assertThat(first.root().attributes().created()).isEqualTo(1_600_000_000);
    }

    private void roundTrip(Path tree) throws IOException {
        List<Line> expected = clamped(TreeListing.of(tree));
        Flist flist = pack(tree, "a.flist", 0);
        assertThat(TreeListing.of(flist, store)).containsExactlyInAnyOrderElementsOf(expected);
        Path out = work.resolve("out");
        new Unpacker(store).unpack(flist, out);
        assertThat(TreeListing.of(out)).isEqualTo(expected);
    }

    private Flist pack(Path tree, String name, long created) {
        pack(tree, name, created, 2);
        return Flist.open(work.resolve(name));
    }

    private Path pack(Path tree, String name, long created, int threads) {
        PackOptions options = PackOptions.DEFAULT.withCreated(created).withParallelism(threads);
        return new Packer(store, PackEvents.none()).pack(tree, work.resolve(name), options).file();
    }

    private static List<Line> clamped(List<Line> lines) {
        return lines.stream().map(it -> it.withModified(Math.clamp(it.modified(), 0, LAST_SECOND))).toList();
    }

    private static void fill(Path directory, int depth, Random random) throws IOException {
        List<Path> made = new ArrayList<>();
        for (int i = 3 + random.nextInt(9); i > 0; i--) {
            Path path = BytePaths.child(directory, name(random));
            try {
                make(path, depth, random);
                made.add(path);
            } catch (FileAlreadyExistsException e) {
                assertThat(made).as("made before").contains(path);
            }
        }
        for (Path path : made) {
            if (!Files.isSymbolicLink(path)) {
                int mode = random.nextInt(010000);
                Files.setAttribute(path, "unix:mode", Files.isDirectory(path) ? mode | 0700 : mode | 0400);
            }
            SystemCalls.modified(path, TIMES[random.nextInt(TIMES.length)]);
        }
    }

    private static void make(Path path, int depth, Random random) throws IOException {
        switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> {
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new FileAlreadyExistsException(path.toString());
                }
                byte[] target = NAMES.get(random.nextInt(NAMES.size()));
                SystemCalls.symlink(path, random.nextBoolean() ? target : bytes("../../../etc/passwd"));
            }
            case 4, 5 -> {
                Files.createDirectory(path);
                fill(path, depth - 1, random);
            }
            default -> {
                Files.createFile(path);
                Files.write(path, content(random));
            }
        }
    }

    /** Few distinct large contents keep this fast. */
    private static byte[] content(Random random) {
        byte[] content = new byte[SIZES[random.nextInt(random.nextInt(4) == 0 ? SIZES.length : 4)]];
        if (content.length < PIECE / 2 || random.nextInt(3) == 0) {
            random.nextBytes(content);
        } else {
            Arrays.fill(content, (byte) random.nextInt(2));
        }
        return content;
    }

    private static byte[] name(Random random) {
        return random.nextInt(3) == 0 ? NAMES.get(random.nextInt(NAMES.size())) : bytes("n" + random.nextInt(30));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
