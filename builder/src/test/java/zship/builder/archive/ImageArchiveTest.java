package zship.builder.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.builder.Sha256;
import zship.builder.root.RootTree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageArchiveTest {
    private static final Instant TIME = Instant.parse("2018-10-31T12:00:00Z");
    private static final ImageSettings SETTINGS = new ImageSettings("icecast", "2.4.4", "icecast:2.4.4",
            List.of("/bin/launcher"), List.of(8000));

    @TempDir
    Path folder;

    private Path archive;

    @BeforeEach
    void root() throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree/bin")).getParent();
        Files.write(tree.resolve("bin/launcher"), new byte[70_000]);
        archive = folder.resolve("root.tar.gz");
        RootArchive.write(RootTree.scan(tree, Map.of()), TIME, archive);
    }

    private static Map<String, byte[]> entries(Path tar) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(
                new BufferedInputStream(Files.newInputStream(tar)))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static String sha256(Path folder, byte[] bytes) throws IOException {
        return Sha256.ofFile(Files.write(folder.resolve("some"), bytes)).hex();
    }

    @Test
    void layoutHasEveryBlobUnderItsDigestAndTheArchiveAsItsLayer() throws IOException {
        Path file = folder.resolve("image.tar");
        ImageArchive.of(archive, SETTINGS).writeOci(file);

        Map<String, byte[]> entries = entries(file);
        JsonMapper json = JsonMapper.shared();
        JsonNode index = json.readTree(entries.get("index.json"));
        JsonNode manifest = json.readTree(entries.get(blob(index.path("manifests").path(0))));
        JsonNode config = json.readTree(entries.get(blob(manifest.path("config"))));
        byte[] layer = entries.get(blob(manifest.path("layers").path(0)));
        assertThat(layer).isEqualTo(Files.readAllBytes(archive));
        assertThat(manifest.path("layers").path(0).path("size").asInt()).isEqualTo(layer.length);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().startsWith("blobs/sha256/")) {
                assertThat(entry.getKey()).endsWith(sha256(folder, entry.getValue()));
            }
        }
        assertThat(config.path("created").asString()).isEqualTo("2018-10-31T12:00:00Z");
        assertThat(config.path("config").toString()).contains("\"/bin/launcher\"", "8000/tcp");
        assertThat(config.path("rootfs").path("diff_ids").path(0).asString())
                .isEqualTo("sha256:" + sha256(folder, plain()));
    }

    private static String blob(JsonNode descriptor) {
        return "blobs/sha256/" + descriptor.path("digest").asString().substring("sha256:".length());
    }

    private byte[] plain() throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    @Test
    void archiveForDockerNamesItsConfigurationAndTheUnpackedLayer() throws IOException {
        Path file = folder.resolve("image.tar");
        ImageArchive image = ImageArchive.of(archive, SETTINGS);
        image.writeDocker(file);

        Map<String, byte[]> entries = entries(file);
        JsonNode manifest = JsonMapper.shared().readTree(entries.get("manifest.json")).path(0);
        assertThat(manifest.path("RepoTags").path(0).asString()).isEqualTo("icecast:2.4.4");
        assertThat(manifest.path("Config").asString()).isEqualTo(image.id().hex() + ".json");
        assertThat(sha256(folder, entries.get(manifest.path("Config").asString()))).isEqualTo(image.id().hex());
        assertThat(entries.get(manifest.path("Layers").path(0).asString())).isEqualTo(plain());
    }

    @Test
    void sameArchiveGivesTheSameBytes() throws IOException {
        Path copy = Files.copy(archive, folder.resolve("copy.tar.gz"));
        for (Path from : List.of(archive, copy)) {
            ImageArchive.of(from, SETTINGS).writeOci(folder.resolve(from.getFileName() + ".oci"));
            ImageArchive.of(from, SETTINGS).writeDocker(folder.resolve(from.getFileName() + ".docker"));
        }
        for (String form : List.of("oci", "docker")) {
            assertThat(folder.resolve("root.tar.gz." + form))
                    .hasSameBinaryContentAs(folder.resolve("copy.tar.gz." + form));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"icecast", "Icecast:1", "icecast:", "a b:1", "../x:1"})
    void referenceMustHaveANameAndATag(String reference) {
        assertThatThrownBy(() -> new ImageSettings("icecast", "2.4.4", reference, List.of("/bin/launcher"), List.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reference);
    }
}
