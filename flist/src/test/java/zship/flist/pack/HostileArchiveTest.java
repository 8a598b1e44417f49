package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Flist;
import zship.flist.TreePath;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;

/** Archives that nobody makes by accident: small ones that would take much, or hold what an flist cannot. */
class HostileArchiveTest {
    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    /** Targets that no link of an flist can have. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a%b", "long"})
    void packWhenTheTargetOfALinkIsNoneSaysSo(String target) throws Exception {
        String written = target.equals("long") ? "x/".repeat(3000) : target.replace("%", "%".repeat(150));
        assertRefused(withNul(tar(Map.of("link", written), List.of())), "its target ");
    }

    /** What the link of a layer says is nothing that this machine must have a path for. */
    @Test
    void packWhenTheLinkOfALayerIsNoPathSaysWhatIsMissing() throws Exception {
        String layer = "a".repeat(64) + "/layer.tar";
        byte[] manifest = ("[{\"Layers\":[\"" + layer + "\"]}]").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = open(out)) {
            link(tar, layer, "../b" + "%".repeat(150));
            file(tar, "manifest.json", manifest);
        }
        assertRefused(withNul(out.toByteArray()), "is missing");
    }

    /** Each layer is shallow enough, and goes on where a link of the one before leads. */
    @Test
    void packWhenLinksMakeLayersDeeperAndDeeperRefuses() throws Exception {
        List<byte[]> layers = new ArrayList<>();
        String way = "";
        for (int i = 0; i < 4; i++) {
            String deeper = way + "d/".repeat(500);
            layers.add(tar(Map.of("link" + i, deeper), List.of(deeper + "file")));
            way = "link" + i + "/";
        }
        pack(ImageTars.docker(layers.subList(0, 2)));
        assertRefused(ImageTars.docker(layers), "deeper than 1024 directories");
    }

    /** Each link leads five hundred times by way of the one before; the kernel gives up after 40 in all. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void packWhenLinksMultiplyEnds() throws Exception {
        Map<String, String> links = new TreeMap<>(Map.of("l0", "d"));
        for (int i = 1; i < 30; i++) {
            links.put("l" + i, ("l" + (i - 1) + "/../").repeat(500) + "d");
        }
        byte[] lower = tar(links, List.of("d/file"));
        Flist flist = pack(ImageTars.docker(List.of(lower, tar(Map.of(), List.of("l29/file", "l0/other")))));
        assertThat(flist.lookup(TreePath.of("l29/file"))).as("a directory in the place of the link").isPresent();
        assertThat(flist.lookup(TreePath.of("d/other"))).as("by way of a link").isPresent();
    }

    /** Names of one file are cheap in an archive, and each of them has all its pieces in an flist. */
    @Test
    void packWhenALargeFileHasMoreNamesThanFitIntoTheMemoryRefuses() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = open(out)) {
            file(tar, "file", new byte[32 << 20]);
            for (int i = 0; i < 1000; i++) {
                TarArchiveEntry entry = new TarArchiveEntry("name-" + i, TarConstants.LF_LINK);
                entry.setLinkName("file");
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        assertRefused(out.toByteArray(), "more entries than fit into the room");
    }

    private void assertRefused(byte[] archive, String why) {
        new ArchivePacker(work, store).assertRefused(archive, why);
    }

    private Flist pack(byte[] archive) throws IOException {
        return new ArchivePacker(work, store).pack(archive);
    }

    private static byte[] tar(Map<String, String> links, List<String> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = open(out)) {
            for (String file : files) {
                file(tar, file, new byte[0]);
            }
            for (Map.Entry<String, String> link : links.entrySet()) {
                link(tar, link.getKey(), link.getValue());
            }
        }
        return out.toByteArray();
    }

    private static TarArchiveOutputStream open(ByteArrayOutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    private static void file(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    /** A NUL for the first % of the record, where those who write tars put none. */
    private static byte[] withNul(byte[] tar) {
        int at = new String(tar, StandardCharsets.ISO_8859_1).indexOf('%');
        if (at >= 0) {
            tar[at] = 0;
        }
        return tar;
    }
}
