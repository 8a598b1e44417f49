package zship.localnode.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.LinkEntry;

/** Answers questions about what is on the hub. The shapes are those of the public hub's answers. */
final class Listings {

    private static final int DIRECTORY_SIZE = 4096;

    private final Shelf shelf;
    private final Digests digests;
    private final HubRules rules;

    Listings(Shelf shelf, Digests digests, HubRules rules) {
        this.shelf = shelf;
        this.digests = digests;
        this.rules = rules;
    }

    /** {@code /api/repositories}, {@code /api/flist} and {@code /api/fileslist}: everything. */
    void all(HttpExchange exchange, String what) throws IOException, HubRefusal {
        ArrayNode list = Replies.array();
        ObjectNode byUser = Replies.object();
        for (String user : shelf.users()) {
            switch (what) {
                case "repositories" -> list.add(Replies.object().put("name", user).put("official", false).put("updated",
                        shelf.updated(user)));
                case "flist" -> shelf.entries(user).stream().map(it -> it.getFileName().toString())
                        .filter(it -> !it.startsWith(".")).forEach(it -> list.add(user + "/" + it));
                case "fileslist" -> byUser.set(user, describe(shelf.entries(user)));
                default -> throw new HubRefusal(404, "not found");
            }
        }
        if (!List.of("repositories", "flist", "fileslist").contains(what)) {
            throw new HubRefusal(404, "not found");
        }
        Replies.json(exchange, 200, what.equals("fileslist") ? byUser : list);
    }

    /** What comes after {@code /api/flist}: a user, and what is wanted of it. */
    void repository(HttpExchange exchange, List<String> path) throws IOException, HubRefusal {
        String user = path.getFirst();
        if (!shelf.hasUser(user)) {
            throw new HubRefusal(404, "user not found");
        }
        String last = path.size() == 3 ? path.get(2) : "";
        if (path.size() == 1) {
            Replies.json(exchange, 200, describe(shelf.entries(user)));
        } else if (path.size() == 3 && path.get(1).equals("tags")) {
            Path tag = shelf.tagFolder(user, last).orElseThrow(() -> new HubRefusal(404, "tag not found"));
            Replies.json(exchange, 200, describe(Shelf.entries(tag)));
        } else if (last.equals("taglink")) {
            Path target = shelf.tagLink(user, path.get(1)).orElseThrow(() -> new HubRefusal(404, "source not found"));
            Replies.json(exchange, 200, Replies.object().put("target", shown(target)));
        } else if (last.equals("light") || path.size() == 2 && exchange.getRequestMethod().equals("INFO")) {
            light(exchange, user, path.get(1));
        } else if (path.size() == 2 || last.equals("metadata")) {
            Path file = shelf.find(user, name(path.get(1))).orElseThrow(() -> new HubRefusal(404, "source not found"));
            Replies.json(exchange, 200, path.size() == 3 ? metadata(file) : contents(file));
        } else {
            throw new HubRefusal(404, "not found");
        }
    }

    private void light(HttpExchange exchange, String user, String text) throws IOException, HubRefusal {
        Path entry = shelf.entry(user, name(text)).orElseThrow(() -> new HubRefusal(404, "source not found"));
        ObjectNode body = describe(entry);
        if (Files.isSymbolicLink(entry)) {
            body.put("target", Files.readSymbolicLink(entry).toString());
        }
        if (Files.exists(entry)) {
            Digests.Pair pair = digests.of(entry);
            body.put("md5", pair.md5()).put("sha256", pair.sha256());
        } else {
            body.set("md5", NullNode.getInstance());
        }
        Replies.json(exchange, 200, body);
    }

    /** A name in a path, with or without its ending. */
    static FlistName name(String text) throws HubRefusal {
        return FlistName.of(text).orElseThrow(() -> new HubRefusal(400, "this name is not allowed"));
    }

    private static ArrayNode describe(List<Path> entries) throws IOException {
        ArrayNode list = Replies.array();
        for (Path entry : entries) {
            ObjectNode json = describe(entry);
            json.put("size", json.path("type").asString("").equals("tag")
                    ? "0 KB"
                    : String.format(Locale.ROOT, "%.2f KB", json.path("size").asLong(0) / 1024.0));
            list.add(json);
        }
        return list;
    }

    private static ObjectNode describe(Path entry) throws IOException {
        String name = entry.getFileName().toString();
        boolean tag = name.startsWith(Shelf.TAG);
        LinkOption[] options = Files.exists(entry) ? new LinkOption[0] : new LinkOption[]{LinkOption.NOFOLLOW_LINKS};
        ObjectNode json = Replies.object().put("name", tag ? name.substring(Shelf.TAG.length()) : name)
                .put("size", (Long) Files.getAttribute(entry, "size", options))
                .put("updated", Files.getLastModifiedTime(entry, options).toMillis() / 1000);
        if (!Files.isSymbolicLink(entry)) {
            return json.put("type", tag ? "tag" : "regular");
        }
        return json.put("type", name.endsWith(FlistName.ENDING) ? "symlink" : "taglink")
                .put("linktime", Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000)
                .put("target", shown(Files.readSymbolicLink(entry)));
    }

    private static String shown(Path target) {
        return target.toString().replace("../", "").replace("/" + Shelf.TAG, "/tags/");
    }

    /** What is in an flist: its entries with their sizes, and counts. */
    static ObjectNode contents(Path file) {
        Flist flist = Flist.open(file);
        ObjectNode json = counts(flist);
        ArrayNode content = json.putArray("content");
        flist.walk((path, entry) -> content.add(Replies.object().put("path", path.toString()).put("size",
                switch (entry) {
                    case Directory directory -> DIRECTORY_SIZE;
                    case LinkEntry link -> link.target().length;
                    default -> entry.size();
                })));
        return json;
    }

    /** How many entries of each sort an flist has. */
    static ObjectNode counts(Flist flist) {
        long[] counts = new long[4];
        long[] size = new long[1];
        flist.walk((path, entry) -> {
            switch (entry) {
                case FileEntry file -> {
                    counts[0]++;
                    size[0] += file.size();
                }
                case LinkEntry link -> counts[1]++;
                case Directory directory -> counts[2]++;
                default -> counts[3]++;
            }
        });
        return Replies.object().put("regular", counts[0]).put("symlink", counts[1]).put("directory", counts[2])
                .put("special", counts[3]).put("failure", 0).put("fullsize", size[0]);
    }

    private ObjectNode metadata(Path file) {
        ObjectNode json = Replies.object();
        Flist.open(file).metadata().forEach((key, value) -> json.set(key, value(value)));
        rules.publicStore().filter(store -> !json.has("backend")).ifPresent(store -> json.putObject("backend-forced")
                .put("host", store.host()).put("port", store.port())
                .put("namespace", store.namespace().orElseThrow()));
        return json;
    }

    /** Well-known values are JSON texts; everything else is text. */
    private static JsonNode value(String text) {
        try {
            return Optional.of(JsonMapper.shared().readTree(text)).filter(it -> it.isObject() || it.isArray())
                    .orElseGet(() -> JsonMapper.shared().valueToTree(text));
        } catch (JacksonException plain) {
            return JsonMapper.shared().valueToTree(text);
        }
    }
}
