package zship.localnode.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.LinkEntry;
import zship.flist.chunk.ChunkId;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;

/** Takes an flist: it must be one, and the store must have all its chunks, before it replaces what was there. */
final class Upload {

    /** Largest flist file, bytes. */
    static final long LARGEST = 256L << 20;
    private static final int LISTED = 100;
    private static final String INCOMPLETE = "unauthorized upload, contents is not fully present on backend";

    private final Shelf shelf;
    private final Supplier<ChunkStore> store;

    Upload(Shelf shelf, Supplier<ChunkStore> store) {
        this.shelf = shelf;
        this.store = store;
    }

    /** Stores the upload and returns the payload of the answer. */
    ObjectNode receive(HttpExchange exchange) throws IOException, HubRefusal {
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
        Path body = shelf.temporary(HubServer.USER);
        Path file = shelf.temporary(HubServer.USER);
        try {
            Multipart parts = Multipart.receive(type, exchange.getRequestBody(), body, LARGEST);
            String sent = parts.extract(file);
            Files.delete(body);
            FlistName name = name(sent, exchange.getRequestHeaders().getFirst("X-Original-Name"));
            Flist flist = open(file, name);
            checkComplete(flist);
            shelf.publish(HubServer.USER, name, file);
            ObjectNode payload = JsonNodeFactory.instance.objectNode().put("name", name.text());
            payload.set("files", counts(flist));
            return payload;
        } finally {
            Files.deleteIfExists(body);
            Files.deleteIfExists(file);
        }
    }

    private static FlistName name(String sent, @Nullable String original) throws HubRefusal {
        String wanted = original == null || original.isBlank() ? sent : original;
        String last = wanted.substring(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('\\')) + 1);
        if (last.isEmpty()) {
            throw new HubRefusal(400, "no file selected");
        }
        if (!sent.endsWith(FlistName.ENDING)) {
            throw new HubRefusal(400, "this file is not allowed");
        }
        return FlistName.of(last).orElseThrow(() -> new HubRefusal(400, "this name is not allowed"));
    }

    /** An flist that cannot be read is named as the user knows it, not by its place on the hub's disk. */
    private static Flist open(Path file, FlistName name) throws HubRefusal {
        try {
            return Flist.open(file);
        } catch (FlistException damaged) {
            throw new HubRefusal(422, name + " cannot be read as an flist: " + damaged.why());
        }
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

    private static ObjectNode counts(Flist flist) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("success", true).put("error", "");
        json.set("response", contents(flist));
        return json.put("status", 0);
    }

    /** How many entries of each sort an flist has. */
    static ObjectNode contents(Flist flist) {
        long[] counts = new long[4];
        long[] size = new long[1];
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                counts[0]++;
                size[0] += file.size();
            } else if (entry instanceof LinkEntry) {
                counts[1]++;
            } else if (entry instanceof Directory) {
                counts[2]++;
            } else {
                counts[3]++;
            }
        });
        return JsonNodeFactory.instance.objectNode().put("regular", counts[0]).put("symlink", counts[1])
                .put("directory", counts[2]).put("special", counts[3]).put("failure", 0).put("fullsize", size[0]);
    }
}
