package zship.flist.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.FlistException;
import zship.flist.FlistException.Kind;
import zship.flist.tar.TarMember;
import zship.flist.tar.TarReader;

/**
 * An image archive: what {@code docker save} writes ({@code manifest.json}) or an OCI image layout in a tar ({@code index.json}).
 * Its layers, plain or compressed with gzip or zstd, are laid over each other with their whiteouts.
 */
final class ImageSource implements TreeSource {
    /** docker, podman, skopeo, crane and kaniko each begin with another one. */
    private static final String FIRST_MEMBER = "blobs(/.*)?|manifest\\.json|index\\.json|oci-layout|repositories"
            + "|(sha256:)?[0-9a-f]{64}(\\.json|\\.tar|\\.tar\\.gz|/.*)?";
    private static final Map<String, String> ARCHITECTURES = Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64",
            "arm64");
    private static final int MAX_LINKS = 4;
    private static final int MAX_JSON = 4 << 20;
    private static final int MAX_LAYERS = 1000;

    private final Path archive;

    ImageSource(Path archive) {
        this.archive = archive;
    }

    /** Whether {@code archive} is an image: its first member looks like one's and it has a list of layers. */
    static boolean isImage(Path archive) {
        try (TarReader tar = open(archive)) {
            Optional<TarMember> first = tar.next();
            // Archives of a directory begin with that directory, whatever it holds.
            while (first.isPresent() && name(first.get()).matches("\\.?")) {
                first = tar.next();
            }
            if (first.isEmpty() || !name(first.get()).matches(FIRST_MEMBER)) {
                return false;
            }
        } catch (IOException e) {
            throw TarSource.failure(archive, e);
        }
        ImageSource image = new ImageSource(archive);
        return image.json("manifest.json").isPresent() || image.json("index.json").isPresent();
    }

    @Override
    public void read(DraftTree tree, ChunkPipeline pipeline) {
        for (String layer : layers()) {
            DraftTree upper = new DraftTree(tree);
            readLayer(layer, MAX_LINKS, upper, pipeline);
            overlay(layer, upper, tree);
        }
    }

    private void overlay(String layer, DraftTree upper, DraftTree tree) {
        try {
            tree.overlay(upper);
        } catch (IllegalArgumentException e) {
            throw new FlistException(Kind.DAMAGED,
                    "lay the layer " + layer + " of the image " + archive + " over those below it",
                    String.valueOf(e.getMessage()), "make the image again, with smaller or less deep directories", e);
        }
    }

    /** A layer that comes again is a link to the first one in what docker before version 25 saved. */
    private void readLayer(String layer, int links, DraftTree upper, ChunkPipeline pipeline) {
        String next;
        try (TarReader outer = open(archive)) {
            TarMember member = seek(outer, layer);
            if (member.type() != TarMember.Type.SYMBOLIC_LINK) {
                try (TarReader inner = new TarReader(TarSource.uncompressed(outer.content()))) {
                    TarSource.readMembers(inner, upper, pipeline);
                }
                return;
            }
            next = beside(layer, new String(member.linkTarget(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw TarSource.failure("read the layer " + layer + " of the image " + archive,
                    "save the image again, with layers that are plain or gzip-compressed", e);
        }
        if (links == 0) {
            throw damaged("its layer " + layer + " is a link to a link");
        }
        readLayer(next, links - 1, upper, pipeline);
    }

    /** The member that a relative link leads to; text and not a path of this machine, which may not hold every name. */
    private static String beside(String layer, String target) {
        Deque<String> names = new ArrayDeque<>(List.of(layer.split("/")));
        names.pollLast();
        for (String name : target.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return String.join("/", names);
    }

    private List<String> layers() {
        Optional<JsonNode> docker = json("manifest.json");
        List<String> layers = new ArrayList<>();
        if (docker.isPresent()) {
            docker.get().path(0).path("Layers").forEach(layer -> layers.add(layer.asString("")));
        } else {
            ociManifest().path("layers").forEach(layer -> layers.add(blob(layer)));
        }
        if (layers.isEmpty() || layers.size() > MAX_LAYERS) {
            throw damaged("it lists " + layers.size() + " layers");
        }
        return layers;
    }

    /** The manifest for this machine where there are several, one for each platform; else the first one. */
    private static JsonNode suitable(JsonNode manifests) {
        String wanted = ARCHITECTURES.getOrDefault(System.getProperty("os.arch", ""), "");
        for (JsonNode manifest : manifests) {
            JsonNode platform = manifest.path("platform");
            if (platform.path("architecture").asString("").equals(wanted)
                    && platform.path("os").asString("").equals("linux")) {
                return manifest;
            }
        }
        return manifests.path(0);
    }

    /** An index may point to further indexes. */
    private JsonNode ociManifest() {
        String next = "index.json";
        for (int depth = 0; depth < 4; depth++) {
            String member = next;
            JsonNode node = json(member).orElseThrow(() -> damaged("it has no member " + member));
            if (node.has("layers")) {
                return node;
            }
            next = blob(suitable(node.path("manifests")));
        }
        throw damaged("its index does not lead to a manifest");
    }

    private String blob(JsonNode descriptor) {
        String digest = descriptor.path("digest").asString("");
        if (!digest.matches("[a-z0-9]+:[0-9a-f]{32,128}")) {
            throw damaged("it has a descriptor without a digest");
        }
        return "blobs/" + digest.replace(':', '/');
    }

    private Optional<JsonNode> json(String member) {
        try (TarReader tar = open(archive)) {
            for (Optional<TarMember> next = tar.next(); next.isPresent(); next = tar.next()) {
                if (name(next.get()).equals(member)) {
                    return Optional.of(new JsonMapper().readTree(tar.readAll(MAX_JSON)));
                }
            }
            return Optional.empty();
        } catch (JacksonException e) {
            throw damaged("its member " + member + " is not JSON");
        } catch (IOException e) {
            throw TarSource.failure(archive, e);
        }
    }

    private TarMember seek(TarReader tar, String member) throws IOException {
        for (Optional<TarMember> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarMember.Type type = next.get().type();
            if (name(next.get()).equals(member)
                    && (type == TarMember.Type.FILE || type == TarMember.Type.SYMBOLIC_LINK)) {
                return next.get();
            }
        }
        throw damaged("its layer " + member + " is missing");
    }

    private FlistException damaged(String why) {
        return new FlistException(Kind.DAMAGED, "read the image " + archive, why, "save the image again");
    }

    private static TarReader open(Path archive) throws IOException {
        return new TarReader(TarSource.uncompressed(Files.newInputStream(archive)));
    }

    private static String name(TarMember member) {
        String name = new String(member.name(), StandardCharsets.ISO_8859_1);
        return name.startsWith("./") ? name.substring(2) : name;
    }
}
