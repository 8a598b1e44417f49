package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import com.sun.management.ThreadMXBean;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import zship.flist.FlistException;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Damaged tars and images of every sort, as {@code zship pack FILE} reads them: packed, or refused with a typed error; never
 * anything else, never for ever, and never with more memory than files of this size are worth.
 */
class PackFuzzTest {
    private static final int ROUNDS = 60;
    private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
    /** A piece, the longest owner file, the longest header and the buffers, a few times over. */
    private static final long MOST_MEMORY = 48L << 20;
    private static final PackOptions OPTIONS = PackOptions.DEFAULT.withParallelism(1);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();
    private final List<byte[]> tars = new ArrayList<>();

    /** What is put around a damaged tar. */
    private enum Around {
        NOTHING, GZIP, ZSTD, DOCKER, OCI, OCI_IN_GZIP;

        byte[] wrap(List<byte[]> layers) throws IOException {
            return switch (this) {
                case NOTHING -> layers.getFirst();
                case GZIP -> gzip(layers.getFirst());
                case ZSTD -> Zstd.compress(layers.getFirst());
                case DOCKER -> ImageTars.docker(layers);
                case OCI -> ImageTars.oci(layers.stream().map(Zstd::compress).toList(), "x+zstd");
                case OCI_IN_GZIP -> gzip(ImageTars.oci(layers, "x"));
            };
        }
    }

    @BeforeEach
    void tars() throws IOException {
        tars.add(tar(TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.BIGNUMBER_POSIX));
        tars.add(tar(TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.BIGNUMBER_STAR));
        // Its layer reaches through the link of the other two.
        tars.add(tar(TarArchiveOutputStream.LONGFILE_TRUNCATE, TarArchiveOutputStream.BIGNUMBER_ERROR));
        tars.add(SparseArchiveTest.example());
    }

    /** The damage is below what is around it, so that it arrives at what reads tars and lays layers over each other. */
    @ParameterizedTest
    @EnumSource(Around.class)
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packWhenATarIsDamagedPacksOrRefuses(Around around) throws Exception {
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<byte[]> layers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                layers.add(damaged(tars.get(random.nextInt(tars.size())), random));
            }
            refused += refused(around.wrap(layers), around + " " + seed);
        }
        assertThat(refused).isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    /** The damage may be anywhere: in the compressed stream, in the lists of layers, in names of members. */
    @ParameterizedTest
    @EnumSource(Around.class)
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packWhenWhatIsAroundATarIsDamagedPacksOrRefuses(Around around) throws Exception {
        byte[] whole = around.wrap(tars);
        assertThat(refused(whole, "sound")).isZero();
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            boolean tar = around == Around.DOCKER || around == Around.OCI;
            byte[] damaged = tar && random.nextInt(2) == 0 ? otherLists(whole, random) : damaged(whole, random);
            refused += refused(damaged, around + " " + seed);
        }
        assertThat(refused).isBetween(ROUNDS / 4, ROUNDS);
    }

    /** 1 when it was refused. */
    private int refused(byte[] archive, String round) throws IOException {
        Path source = Files.write(work.resolve("archive"), archive);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            new Packer(store, PackEvents.none()).pack(source, work.resolve("flist"), OPTIONS);
            return 0;
        } catch (FlistException e) {
            assertThat(e.what()).as(round).isNotBlank();
            assertThat(e.why()).as(round).isNotBlank().doesNotContain("Exception", "java.");
            assertThat(e.hint()).as(round).isNotBlank();
            return 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("round " + round, e);
        } finally {
            long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(taken).as("memory taken in round %s", round).isLessThan(MOST_MEMORY);
        }
    }

    private static byte[] damaged(byte[] tar, Random random) {
        byte[] damaged = tar.clone();
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            int header = random.nextInt(Math.max(1, damaged.length / BLOCK)) * BLOCK;
            switch (random.nextInt(6)) {
                case 0 -> damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged = Arrays.copyOf(damaged, 1 + random.nextInt(damaged.length));
                case 2 -> number(damaged, header, 124, 12, random);
                case 3 -> otherField(damaged, header, random);
                case 4 -> otherDigit(damaged, random);
                default -> damaged = moved(damaged, header, random);
            }
        }
        return damaged;
    }

    /** Another number into a field of a header; the checksum is right, so that it is believed. */
    private static void number(byte[] tar, int header, int field, int length, Random random) {
        if (isHeader(tar, header)) {
            long number = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(2000);
                case 1 -> 1L << random.nextInt(63);
                case 2 -> -1 - random.nextInt(1000);
                case 3 -> Long.MAX_VALUE;
                default -> random.nextLong();
            };
            byte[] value = ByteBuffer.allocate(16).putLong(number < 0 ? -1 : 0).putLong(number).array();
            System.arraycopy(value, 16 - length, tar, header + field, length);
            tar[header + field] |= (byte) 0x80;
            sign(tar, header);
        }
    }

    private static void otherField(byte[] tar, int header, Random random) {
        if (isHeader(tar, header)) {
            switch (random.nextInt(5)) {
                case 0 -> tar[header + 156] = (byte) "01234567xgLKVS".charAt(random.nextInt(14));
                case 1 -> number(tar, header, new int[]{100, 108, 116, 329, 337}[random.nextInt(5)], 8, random);
                case 2 -> tar[header + 157 + random.nextInt(4)] = (byte) random.nextInt(256);
                case 3 -> tar[header + random.nextInt(4)] = (byte) "\0/.a\377".charAt(random.nextInt(5));
                default -> tar[header + random.nextInt(BLOCK)] = (byte) random.nextInt(256);
            }
            sign(tar, header);
        }
    }

    /** Digits are lengths of records and numbers in them, most of all. */
    private static void otherDigit(byte[] tar, Random random) {
        int from = random.nextInt(tar.length);
        for (int i = from; i < tar.length; i++) {
            if (tar[i] >= '1' && tar[i] <= '9') {
                tar[i] = (byte) "0123456789 \n=-.\0/".charAt(random.nextInt(17));
                return;
            }
        }
    }

    /** Blocks come twice, are left out, or stand elsewhere. */
    private static byte[] moved(byte[] tar, int from, Random random) {
        int length = BLOCK * (1 + random.nextInt(4));
        int to = random.nextInt(tar.length / BLOCK + 1) * BLOCK;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tar, 0, to);
        out.write(tar, from, Math.min(length, tar.length - from));
        int next = random.nextInt(3) == 0 ? Math.min(tar.length, to + length) : to;
        out.write(tar, next, tar.length - next);
        return out.toByteArray();
    }

    /** Other values in the JSON members, of the length that was there. */
    private static byte[] otherLists(byte[] image, Random random) {
        String text = new String(image, StandardCharsets.ISO_8859_1);
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf("{\""); at >= 0; at = text.indexOf("{\"", at + 1)) {
            places.add(at);
        }
        int at = places.get(random.nextInt(places.size()));
        int end = Math.min(text.indexOf('}', at) + 1, at + 400);
        String old = text.substring(at, end);
        String changed = switch (random.nextInt(6)) {
            case 0 -> "[".repeat(old.length());
            case 1 -> "null";
            case 2 -> old.replace("sha256:", List.of("sha256/", "sha512:", "../../:").get(random.nextInt(3)));
            case 3 -> old.replace('"', '1');
            case 4 -> old.replaceFirst("\"[^\"]*\"(?=[,}\\]])", "{}");
            default -> old.replace("layer.tar", "\\u0000.tar").replace("layers", "Layers");
        };
        String padded = changed + " ".repeat(Math.max(0, old.length() - changed.length()));
        return (text.substring(0, at) + padded.substring(0, old.length()) + text.substring(end))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isHeader(byte[] tar, int at) {
        return at + BLOCK <= tar.length && new String(tar, at + 257, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    }

    /** Makes the checksum of a header right. */
    static void sign(byte[] tar, int header) {
        Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
        int sum = 0;
        for (int i = header; i < header + BLOCK; i++) {
            sum += tar[i] & 0xff;
        }
        byte[] text = "%06o\0".formatted(sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, tar, header + 148, text.length);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] tar(int longFiles, int bigNumbers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(longFiles);
            tar.setBigNumberMode(bigNumbers);
            boolean extended = longFiles != TarArchiveOutputStream.LONGFILE_TRUNCATE;
            add(tar, "etc/", TarConstants.LF_DIR, "", "");
            add(tar, "etc/passwd", TarConstants.LF_NORMAL, "", "root:x:0:0::/root:/bin/sh\n");
            add(tar, "etc/group", TarConstants.LF_NORMAL, "", "root:x:0:\n");
            add(tar, "d/" + "long/".repeat(30) + "name", TarConstants.LF_NORMAL, "", "1234567890");
            if (extended) {
                add(tar, "link", TarConstants.LF_SYMLINK, "d/" + "long/".repeat(30), "");
            } else {
                add(tar, "link/through", TarConstants.LF_NORMAL, "", "x".repeat(1500));
            }
            add(tar, "hard", TarConstants.LF_LINK, "etc/passwd", "");
            add(tar, "device", TarConstants.LF_CHR, "", "");
            add(tar, "d/.wh.gone", TarConstants.LF_NORMAL, "", "");
            add(tar, "etc/.wh..wh..opq", TarConstants.LF_NORMAL, "", "");
        }
        return out.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte type, String link, String content)
            throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, type);
        entry.setSize(bytes.length);
        entry.setLinkName(link);
        entry.setModTime(1_700_000_000_123L);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
