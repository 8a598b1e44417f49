package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.FlistException;
import zship.flist.pack.PackOptions.Room;
import zship.flist.store.DiscardingStore;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a source holds, the flist is the same with memory for the whole tree and with next to none. */
class ShelvedTreesTest {
    private static final int ROUNDS = 100;
    /** Three pieces. */
    private static final int LARGE = 1_100_000;

    @TempDir
    private Path work;

    @Test
    void archivesOfMembersInAnyOrderMakeTheSameFlist() throws Exception {
        int made = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            made += assertSame(layer(new Random(seed), 40, false, new ArrayList<>()), seed);
        }
        assertThat(made).as("archives that are sound").isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    /** Whiteouts, links in the place of directories, and hard links to what is in layers below. */
    @Test
    void layersOfImagesMakeTheSameFlist() throws Exception {
        int made = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<byte[]> layers = new ArrayList<>();
            List<String> files = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                layers.add(layer(random, 1 + random.nextInt(20), true, files));
            }
            made += assertSame(ImageTars.docker(layers), seed);
        }
        assertThat(made).as("images that are sound").isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    private int assertSame(byte[] archive, int seed) throws IOException {
        Path source = Files.write(work.resolve("archive"), archive);
        String plentiful = pack(source, PackOptions.DEFAULT.room());
        // An entry in memory is more than there is room for; then one that fits, but not beside those of another directory.
        assertThat(pack(source, new Room(1, 1 << 20, 1 << 20))).as("seed %d", seed).isEqualTo(plentiful);
        assertThat(pack(source, new Room(1000, 1 << 20, 1 << 20))).as("seed %d", seed).isEqualTo(plentiful);
        return plentiful.contains(" ") ? 0 : 1;
    }

    /** The digest of the flist, or why there is none. */
    private String pack(Path source, Room room) {
        try {
            return new Packer(new DiscardingStore(), PackEvents.none())
                    .pack(source, work.resolve("flist"), PackOptions.DEFAULT.withRoom(room)).sha256();
        } catch (FlistException e) {
            return e.getMessage();
        }
    }

    private static byte[] layer(Random random, int members, boolean whiteouts, List<String> files)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (int i = 0; i < members; i++) {
                String folder = folder(random);
                String path = folder + (char) ('u' + random.nextInt(6));
                switch (random.nextInt(whiteouts ? 12 : 10)) {
                    case 0, 1 -> member(tar, folder(random) + "a/", TarConstants.LF_DIR, "", "");
                    case 2 ->
                        member(tar, path, random.nextBoolean() ? TarConstants.LF_FIFO : TarConstants.LF_CHR, "", "");
                    // In the place of a directory one time in two: what follows below it is refused, but not in a later layer.
                    case 3 -> member(tar, whiteouts && random.nextBoolean() ? folder + "c" : path,
                            TarConstants.LF_SYMLINK,
                            (random.nextBoolean() ? "/" : "../".repeat(random.nextInt(3))) + folder(random) + "b", "");
                    case 4 -> member(tar, path, TarConstants.LF_LINK,
                            files.isEmpty() ? path : files.get(random.nextInt(files.size())), "");
                    case 10 -> member(tar, folder + ".wh." + (char) ('a' + random.nextInt(26)), TarConstants.LF_NORMAL,
                            "", "");
                    case 11 -> member(tar, folder + ".wh..wh..opq", TarConstants.LF_NORMAL, "", "");
                    default -> {
                        files.add(path);
                        int digit = random.nextInt(8);
                        member(tar, path, TarConstants.LF_NORMAL, "",
                                Integer.toString(digit).repeat(digit == 7 ? LARGE : 1));
                    }
                }
            }
        }
        return out.toByteArray();
    }

    private static String folder(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append((char) ('a' + random.nextInt(3))).append('/');
        }
        return path.toString();
    }

    private static void member(TarArchiveOutputStream tar, String name, byte type, String target, String content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        entry.setLinkName(target);
        entry.setSize(bytes.length);
        entry.setModTime(1000L * name.length());
        entry.setIds(name.length(), name.charAt(0));
        entry.setMode(0700 + name.length());
        entry.setDevMajor(name.charAt(name.length() - 1));
        entry.setDevMinor(name.length());
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
