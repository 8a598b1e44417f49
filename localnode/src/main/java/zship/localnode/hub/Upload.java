package zship.localnode.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkId;
import zship.flist.edit.MetadataValues;
import zship.flist.pack.PackEvent;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.unpack.FileContents;

/**
 * Takes flists and archives. An flist must be one, and the store must have all its chunks; an archive must be whole, and its
 * chunks go into the store. Only then is what was there replaced.
 */
final class Upload {

    private static final String ARCHIVE = ".tar.gz";
    private static final int LISTED = 100;
    /** Some uploads at once must leave memory for everybody else. */
    private static final long LARGEST_TREE = Runtime.getRuntime().maxMemory() / 8;
    private static final int LARGEST_README = 1 << 20;
    private static final String FIELD = "metadata-";
    private static final Set<String> PROTECTED = Set.of("readme", "backend", "entrypoint", "environ", "port", "volume");
    private static final String INCOMPLETE = "unauthorized upload, contents is not fully present on backend";

    private final Shelf shelf;
    private final Supplier<ChunkStore> store;
    private final HubRules rules;

    /** An archive unpacks to more than is allowed. */
    private static final class TooMuchContent extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What becomes of a received file. */
    @FunctionalInterface
    private interface Use {
        ObjectNode of(Multipart parts, FlistName name, Path file) throws IOException, HubRefusal;
    }

    Upload(Shelf shelf, Supplier<ChunkStore> store, HubRules rules) {
        this.shelf = shelf;
        this.store = store;
        this.rules = rules;
    }

    /** Stores an flist and returns the payload of the answer. */
    ObjectNode flist(HttpExchange exchange, String user) throws IOException, HubRefusal {
        return receive(exchange, user, FlistName.ENDING, (parts, name, file) -> {
            Flist flist = open(file, name);
            ObjectNode contents = Listings.contents(file);
            return publish(user, name, file, flist, contents);
        });
    }

    /** Makes an flist of an archive, stores it and returns the payload of the answer. */
    ObjectNode archive(HttpExchange exchange, String user) throws IOException, HubRefusal {
        return receive(exchange, user, ARCHIVE, (parts, name, file) -> {
            Path made = shelf.temporary(user);
            try (ChunkStore open = store.get()) {
                Flist flist = pack(file, made, open, name);
                for (Map.Entry<String, String> field : parts.fields().entrySet()) {
                    String key = field.getKey().startsWith(FIELD) ? field.getKey().substring(FIELD.length()) : "";
                    if (!key.isEmpty() && !PROTECTED.contains(key)) {
                        flist = flist.withMetadata(key, field.getValue());
                    }
                }
                flist = described(flist, open);
                flist.write(made);
                return publish(user, name, made, flist, Listings.counts(flist));
            } finally {
                Files.deleteIfExists(made);
            }
        });
    }

    /** The check and the publication are one step for whoever removes chunks. */
    private ObjectNode publish(String user, FlistName name, Path file, Flist flist, ObjectNode answer)
            throws IOException, HubRefusal {
        return shelf.publishing(() -> {
            checkComplete(flist);
            shelf.publish(user, name, file);
            return answer;
        });
    }

    private ObjectNode receive(HttpExchange exchange, String user, String ending, Use use)
            throws IOException, HubRefusal {
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
        long limit = ending.equals(ARCHIVE) ? rules.limits().archive() : rules.limits().flist();
        Path file = shelf.temporary(user);
        try {
            Multipart parts = Multipart.receive(type, exchange.getRequestBody(), file, limit);
            FlistName name = name(parts.fileName(), exchange.getRequestHeaders().getFirst("X-Original-Name"), ending);
            ObjectNode response = use.of(parts, name, file);
            ObjectNode payload = Replies.object().put("name", name.text());
            ObjectNode files = payload.putObject("files").put("success", true);
            files.set("error", NullNode.getInstance());
            files.set("response", response);
            files.put("status", 0);
            return payload;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static FlistName name(String sent, @Nullable String original, String ending) throws HubRefusal {
        String wanted = original == null || original.isBlank() ? sent : original;
        String last = wanted.substring(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('\\')) + 1);
        if (last.isEmpty()) {
            throw new HubRefusal(400, "no file selected");
        }
        if (!sent.endsWith(ending)) {
            throw new HubRefusal(400, "this file is not allowed");
        }
        String bare = last.endsWith(ending) ? last.substring(0, last.length() - ending.length()) : last;
        return FlistName.of(bare).orElseThrow(() -> new HubRefusal(400, "this name is not allowed"));
    }

    /** An flist that cannot be read is named as the user knows it, not by its place on the hub's disk. */
    private static Flist open(Path file, FlistName name) throws HubRefusal {
        try {
            return Flist.open(file);
        } catch (FlistException damaged) {
            throw new HubRefusal(422, name + " cannot be read as an flist: " + damaged.why());
        }
    }

    private Flist pack(Path archive, Path made, ChunkStore store, FlistName name) throws HubRefusal {
        AtomicLong read = new AtomicLong();
        try {
            new Packer(store, event -> {
                if (event instanceof PackEvent.Read more && read.addAndGet(more.bytes()) > rules.limits().content()) {
                    throw new TooMuchContent();
                }
            }).pack(archive, made, PackOptions.DEFAULT.withLargestTree(LARGEST_TREE));
            return Flist.open(made);
        } catch (TooMuchContent bomb) {
            throw new HubRefusal(413,
                    "what is in the archive for " + name + " is larger than " + rules.limits().content()
                            + " bytes");
        } catch (FlistException failure) {
            // What is not the archive's fault, such as a full disk, may be better the next time.
            throw failure.kind() == FlistException.Kind.DAMAGED
                    ? new HubRefusal(422, "the archive for " + name + " cannot be read: " + failure.why())
                    : new HubRefusal(503, "the archive for " + name + " cannot be packed: " + failure.why());
        }
    }

    /** Adds the text of a README at the top, and where others find the chunks. */
    private Flist described(Flist flist, ChunkStore store) throws IOException {
        Flist described = flist;
        for (String path : List.of(".README.md", ".README")) {
            if (flist.lookup(TreePath.of(path)).orElse(null) instanceof FileEntry file
                    && file.size() <= LARGEST_README) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                new FileContents(store).copy(TreePath.of(path), file, text);
                described = MetadataValues.put(flist, "readme",
                        Map.of("readme", text.toString(StandardCharsets.UTF_8)));
                break;
            }
        }
        return rules.publicStore().isPresent()
                ? MetadataValues.backend(described, rules.publicStore().get())
                : described;
    }

    private void checkComplete(Flist flist) throws HubRefusal {
        try (ChunkStore open = store.get()) {
            Set<ChunkId> missing = Packer.missingChunks(flist, open);
            if (!missing.isEmpty()) {
                List<String> some = missing.stream().limit(LISTED).map(ChunkId::toString).toList();
                throw new HubRefusal(422, INCOMPLETE, some);
            }
        }
    }
}
