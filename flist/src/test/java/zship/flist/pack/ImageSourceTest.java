package zship.flist.pack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.LinkEntry;
import zship.flist.TreePath;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Images in both archive forms, made with tar: three layers with whiteouts of both sorts. */
class ImageSourceTest {
    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();

    @BeforeEach
    void layers() throws Exception {
        file("1/etc/keep", "one");
        file("1/etc/gone", "one");
        file("1/etc/changed", "one");
        file("1/opaque/old", "one");
        file("1/dir/inner", "one");
        file("2/etc/.wh.gone", "");
        file("2/etc/changed", "two, longer");
        file("2/opaque/.wh..wh..opq", "");
        file("2/opaque/new", "two");
        file("2/dir", "now a file");
        file("3/new/.wh.nothing", "");
        file("3/new/file", "three");
        Files.createLink(work.resolve("3/new/hard"), work.resolve("3/new/file"));
    }

    @Test
    void packWhenSavedByDockerAppliesLayersInOrder() throws Exception {
        Path image = Files.createDirectories(work.resolve("docker"));
        List<String> names = new ArrayList<>();
        for (int layer = 1; layer <= 3; layer++) {
            String id = Integer.toString(layer).repeat(64);
            Files.createDirectories(image.resolve(id));
            tar(work.resolve(Integer.toString(layer)), image.resolve(id + "/layer.tar"), "--no-auto-compress");
            names.add("\"" + id + "/layer.tar\"");
        }
        Files.writeString(image.resolve("manifest.json"), "[{\"Config\":\"x.json\",\"Layers\":" + names + "}]");
        assertMerged(archive(image));
    }

    /** As podman and skopeo save images: the layers come first, each a file named by its digest. */
    @Test
    void packWhenSavedByPodmanAppliesLayersInOrder() throws Exception {
        Path image = Files.createDirectories(work.resolve("podman"));
        List<String> names = new ArrayList<>();
        for (int layer = 1; layer <= 3; layer++) {
            String name = Integer.toString(layer).repeat(64) + ".tar";
            tar(work.resolve(Integer.toString(layer)), image.resolve(name), "--no-auto-compress");
            names.add("\"" + name + "\"");
        }
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":" + names + "}]");
        assertMerged(archive(image));
    }

    /** As docker saved images before version 25: a layer that comes again is a link to the first one. */
    @Test
    void packWhenALayerComesAgainFollowsTheLink() throws Exception {
        Path image = Files.createDirectories(work.resolve("again"));
        List<String> names = new ArrayList<>();
        for (int layer = 1; layer <= 4; layer++) {
            String id = Integer.toString(layer).repeat(64);
            Path file = Files.createDirectories(image.resolve(id)).resolve("layer.tar");
            if (layer == 4) {
                Files.createSymbolicLink(file, Path.of("../" + "3".repeat(64) + "/layer.tar"));
            } else {
                tar(work.resolve(Integer.toString(layer)), file, "--no-auto-compress");
            }
            names.add("\"" + id + "/layer.tar\"");
        }
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":" + names + "}]");
        assertMerged(archive(image));
    }

    @Test
    void packWhenALayerLinksToItselfEnds() throws Exception {
        Path image = Files.createDirectories(work.resolve("loop"));
        Path layer = Files.createDirectories(image.resolve("1".repeat(64))).resolve("layer.tar");
        Files.createSymbolicLink(layer, Path.of("layer.tar"));
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":[\"" + "1".repeat(64) + "/layer.tar\"]}]");
        Path archive = archive(image);
        assertThatThrownBy(() -> pack(archive)).isInstanceOf(FlistException.class)
                .hasMessageContaining("a link to a link");
    }

    /** containerd follows a link on the way to a file whose directories the layer does not list. */
    @Test
    void packWhenALayerReachesThroughALinkFollowsIt() throws Exception {
        file("1/usr/lib/old", "one");
        file("1/usr/lib/gone", "one");
        Files.createSymbolicLink(work.resolve("1/lib"), Path.of("usr/lib"));
        file("2/lib/new", "two");
        file("2/lib/.wh.gone", "");
        Path image = Files.createDirectories(work.resolve("through"));
        tar(work.resolve("1"), image.resolve("1".repeat(64) + ".tar"), "--no-auto-compress");
        assertThat(new ProcessBuilder("tar", "-C", work.resolve("2").toString(), "-cf",
                image.resolve("2".repeat(64) + ".tar").toString(), "lib/new", "lib/.wh.gone").inheritIO().start()
                .waitFor()).isZero();
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":[\"" + "1".repeat(64) + ".tar\",\""
                + "2".repeat(64) + ".tar\"]}]");
        Flist flist = Flist.open(pack(archive(image)).file());
        assertThat(flist.lookup(TreePath.of("lib"))).get().isInstanceOf(LinkEntry.class);
        assertThat(flist.lookup(TreePath.of("usr/lib/new"))).isPresent();
        assertThat(flist.lookup(TreePath.of("usr/lib/old"))).isPresent();
        assertThat(flist.lookup(TreePath.of("usr/lib/gone"))).isEmpty();
    }

    @Test
    void packTakesOwnerNamesFromTheLastLayerThatHasThem() throws Exception {
        file("1/etc/passwd", "first:x:0:0::/:\n");
        file("1/etc/group", "first:x:0:\n");
        file("2/etc/passwd", "second:x:0:0::/:\n");
        file("2/etc/.wh.group", "");
        Path image = Files.createDirectories(work.resolve("owners"));
        for (int layer = 1; layer <= 2; layer++) {
            assertThat(new ProcessBuilder("tar", "--owner=0", "--group=0", "-C",
                    work.resolve(Integer.toString(layer)).toString(), "-cf",
                    image.resolve(Integer.toString(layer).repeat(64) + ".tar").toString(), ".").inheritIO().start()
                    .waitFor()).isZero();
        }
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":[\"" + "1".repeat(64) + ".tar\",\""
                + "2".repeat(64) + ".tar\"]}]");
        Entry keep = Flist.open(pack(archive(image)).file()).lookup(TreePath.of("etc/keep")).orElseThrow();
        assertThat(keep.permissions().user()).isEqualTo("second");
        assertThat(keep.permissions().group()).isEqualTo("0");
    }

    @Test
    void packWhenOciLayoutIsForSeveralMachinesTakesThatOfThisOne() throws Exception {
        Path image = ociLayout("several", """
                {"manifests":[
                  {"digest":"sha256:%1$s","platform":{"os":"linux","architecture":"s390x"}},
                  {"digest":"sha256:%1$s","platform":{"os":"windows","architecture":"amd64"}},
                  {"digest":"MANIFEST","platform":{"os":"linux","architecture":"amd64"}},
                  {"digest":"MANIFEST","platform":{"os":"linux","architecture":"arm64"}}]}
                """.formatted("0".repeat(64)));
        assertMerged(archive(image));
    }

    @Test
    void packWhenOciLayoutWasPackedAsADirectoryIsAnImageAllTheSame() throws Exception {
        Path image = ociLayout("dot", "{\"manifests\":[{\"digest\":\"MANIFEST\"}]}");
        Path archive = work.resolve("dot.tar.gz");
        tar(image, archive, "--gzip");
        assertMerged(archive);
    }

    @Test
    void packWhenOciLayoutAppliesLayersInOrder() throws Exception {
        assertMerged(archive(ociLayout("oci", "{\"manifests\":[{\"digest\":\"MANIFEST\"}]}")));
    }

    private Path ociLayout(String name, String index) throws Exception {
        Path image = Files.createDirectories(work.resolve(name));
        List<String> layers = new ArrayList<>();
        for (int layer = 1; layer <= 3; layer++) {
            Path tar = work.resolve(layer + ".tgz");
            tar(work.resolve(Integer.toString(layer)), tar, "--gzip");
            layers.add("{\"digest\":\"" + blob(image, Files.readAllBytes(tar)) + "\"}");
        }
        String manifest = blob(image, ("{\"layers\":" + layers + "}").getBytes());
        Files.writeString(image.resolve("index.json"), index.replace("MANIFEST", manifest));
        return image;
    }

    @Test
    void packWhenALayerIsMissingNamesIt() throws Exception {
        Path image = Files.createDirectories(work.resolve("broken"));
        Files.writeString(image.resolve("manifest.json"), "[{\"Layers\":[\"none/layer.tar\"]}]");
        Path archive = archive(image);
        assertThatThrownBy(() -> pack(archive)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
            assertThat(e.why()).isEqualTo("its layer none/layer.tar is missing");
        });
    }

    private void assertMerged(Path archive) {
        PackedFlist packed = pack(archive);
        Flist flist = Flist.open(packed.file());
        List<String> paths = new ArrayList<>();
        flist.walk((path, entry) -> paths.add(path.toString()));
        assertThat(paths).containsExactly("/dir", "/etc", "/etc/changed", "/etc/keep", "/new", "/new/file", "/new/hard",
                "/opaque", "/opaque/new");
        assertThat(flist.lookup(TreePath.of("dir"))).get().isInstanceOf(FileEntry.class);
        assertThat(flist.lookup(TreePath.of("etc/changed"))).get().extracting(Entry::size).isEqualTo(11L);
        assertThat(packed.files()).isEqualTo(6);
    }

    private PackedFlist pack(Path source) {
        return new Packer(store, PackEvents.none()).pack(source, work.resolve("a.flist"), PackOptions.DEFAULT);
    }

    private void file(String path, String content) throws Exception {
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Path archive(Path image) throws Exception {
        Path archive = work.resolve(image.getFileName() + ".tar");
        List<String> names;
        try (var files = Files.list(image)) {
            names = files.map(file -> file.getFileName().toString()).sorted().toList();
        }
        List<String> command = new ArrayList<>(List.of("tar", "-C", image.toString(), "-cf", archive.toString()));
        command.addAll(names);
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        return archive;
    }

    private static void tar(Path directory, Path archive, String compression) throws Exception {
        assertThat(new ProcessBuilder("tar", compression, "--sort=name", "-C", directory.toString(), "-cf",
                archive.toString(), ".").inheritIO().start().waitFor()).isZero();
    }

    private static String blob(Path image, byte[] content) throws Exception {
        String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path blob = image.resolve("blobs/sha256/" + hex);
        Files.createDirectories(blob.getParent());
        Files.write(blob, content);
        return "sha256:" + hex;
    }
}
