package zship.builder.archive;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import tools.jackson.databind.json.JsonMapper;

import zship.builder.Sha256;

/**
 * A root as an image with one layer: the archive itself. The same archive gives the same bytes.
 *
 * <p>The media types and the layout are those of the OCI image specification 1.0; the other form is the one that
 * {@code docker save} writes and {@code docker load} reads since Docker 1.10: a {@code manifest.json} that names the
 * configuration and the layers as plain tar files.
 */
public final class ImageArchive {
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
    /** Of the first header of a tar: where the modification time is, in octal digits. */
    private static final int TIME_OFFSET = 136;
    private static final int TIME_LENGTH = 11;

    private final Path archive;
    private final Layer layer;
    private final byte[] config;
    private final ImageSettings settings;

    private ImageArchive(Path archive, Layer layer, ImageSettings settings) {
        this.archive = archive;
        this.layer = layer;
        this.settings = settings;
        this.config = json(config(layer, settings));
    }

    /** The layer: digests of the archive as it is and unpacked, both sizes, and the time of its entries. */
    private record Layer(String digest, long size, String plainDigest, long plainSize, Instant time) {
    }

    /**
     * Reads an archive that is to be the layer.
     *
     * @param archive a tar.gz as {@link RootArchive} writes it
     * @param settings what the image says about the root
     */
    public static ImageArchive of(Path archive, ImageSettings settings) throws IOException {
        MessageDigest plain = sha256();
        long plainSize = 0;
        String time;
        try (InputStream in = new DigestInputStream(tar(archive), plain)) {
            byte[] head = in.readNBytes(TIME_OFFSET + TIME_LENGTH);
            time = new String(head, TIME_OFFSET, head.length - TIME_OFFSET, StandardCharsets.US_ASCII);
            plainSize = head.length + in.transferTo(OutputStream.nullOutputStream());
        }
        return new ImageArchive(archive, new Layer(Sha256.ofFile(archive).hex(), Files.size(archive), hex(plain),
                plainSize, Instant.ofEpochSecond(Long.parseLong(time.strip(), 8))), settings);
    }

    /** Returns the digest of the image's configuration, which Docker calls the image's id. */
    public Sha256 id() {
        return digest(config);
    }

    /** Writes an OCI image layout as a tar. */
    public void writeOci(Path file) throws IOException {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MANIFEST_TYPE);
        manifest.put("config", descriptor(CONFIG_TYPE, id().hex(), config.length));
        manifest.put("layers", List.of(descriptor(LAYER_TYPE, layer.digest, layer.size)));
        byte[] manifestBytes = json(manifest);
        Map<String, Object> entry = descriptor(MANIFEST_TYPE, digest(manifestBytes).hex(), manifestBytes.length);
        entry.put("annotations", Map.of("org.opencontainers.image.ref.name", settings.tag()));
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", INDEX_TYPE);
        index.put("manifests", List.of(entry));
        write(file, tar -> {
            write(tar, "oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")));
            write(tar, "index.json", json(index));
            write(tar, blob(digest(manifestBytes).hex()), manifestBytes);
            write(tar, blob(id().hex()), config);
            try (InputStream in = Files.newInputStream(archive)) {
                tar.write(blob(layer.digest), layer.size, in);
            }
        });
    }

    /** Writes what {@code docker load} reads. */
    public void writeDocker(Path file) throws IOException {
        String layerName = layer.plainDigest + "/layer.tar";
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("Config", id().hex() + ".json");
        manifest.put("RepoTags", List.of(settings.reference()));
        manifest.put("Layers", List.of(layerName));
        write(file, tar -> {
            write(tar, "manifest.json", json(List.of(manifest)));
            write(tar, id().hex() + ".json", config);
            try (InputStream in = tar(archive)) {
                tar.write(layerName, layer.plainSize, in);
            }
        });
    }

    private static Map<String, Object> config(Layer layer, ImageSettings settings) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("Env", List.of("PATH=/bin:/usr/bin"));
        run.put("Entrypoint", settings.command());
        Map<String, Object> ports = new TreeMap<>();
        settings.ports().forEach(port -> ports.put(port + "/tcp", Map.of()));
        run.put("ExposedPorts", ports);
        run.put("Labels", new TreeMap<>(Map.of("org.opencontainers.image.title", settings.name(),
                "org.opencontainers.image.version", settings.version())));
        run.put("WorkingDir", "/");
        Map<String, Object> rootfs = new LinkedHashMap<>();
        rootfs.put("type", "layers");
        rootfs.put("diff_ids", List.of("sha256:" + layer.plainDigest));
        Map<String, Object> history = new LinkedHashMap<>();
        history.put("created", layer.time.toString());
        history.put("created_by", "zship export");
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("created", layer.time.toString());
        config.put("architecture", "amd64");
        config.put("os", "linux");
        config.put("config", run);
        config.put("rootfs", rootfs);
        config.put("history", List.of(history));
        return config;
    }

    private static Map<String, Object> descriptor(String mediaType, String digest, long size) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", "sha256:" + digest);
        descriptor.put("size", size);
        return descriptor;
    }

    /** Writes the entries of a tar. */
    @FunctionalInterface
    private interface Entries {
        void writeTo(UstarWriter tar) throws IOException;
    }

    private void write(Path file, Entries entries) throws IOException {
        AtomicFile.write(file, out -> {
            UstarWriter tar = new UstarWriter(new BufferedOutputStream(out, 1 << 16), layer.time.getEpochSecond());
            entries.writeTo(tar);
            tar.finish();
        });
    }

    private static void write(UstarWriter tar, String name, byte[] content) throws IOException {
        tar.write(name, content.length, new ByteArrayInputStream(content));
    }

    private static InputStream tar(Path archive) throws IOException {
        return new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16);
    }

    private static String blob(String digest) {
        return "blobs/sha256/" + digest;
    }

    private static byte[] json(Object value) {
        return JsonMapper.shared().writeValueAsBytes(value);
    }

    private static Sha256 digest(byte[] bytes) {
        return Sha256.of(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
