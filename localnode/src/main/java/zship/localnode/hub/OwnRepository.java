package zship.localnode.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Flist;
import zship.flist.edit.TreeEdits;

/** The routes below {@code /api/flist/me}: what a user may do to the own repository. */
final class OwnRepository {

    private static final int LARGEST_REQUEST = 1 << 20;
    private static final int MOST_SOURCES = 1000;

    private final Shelf shelf;
    private final Upload upload;
    private final HubRules rules;
    private final HubAccess access;

    /** Something that is done for a user, named by parts of the path. */
    @FunctionalInterface
    private interface Action {
        /** Does it; what it returns is the payload of the answer. */
        Optional<ObjectNode> run() throws IOException, HubRefusal;
    }

    OwnRepository(Shelf shelf, Upload upload, HubRules rules, HubAccess access) {
        this.shelf = shelf;
        this.upload = upload;
        this.rules = rules;
        this.access = access;
    }

    void answer(HttpExchange exchange, List<String> path, Listings listings) throws IOException, HubRefusal {
        String method = exchange.getRequestMethod();
        if (method.equals("OPTIONS")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD, OPTIONS, POST, DELETE");
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        String user = access.user(exchange);
        if (path.isEmpty()) {
            require(method, "GET", "HEAD");
            Replies.done(exchange, Replies.object().put("username", user));
        } else if (path.size() == 1 && List.of("GET", "HEAD").contains(method)) {
            listings.repository(exchange, List.of(user, path.getFirst()));
        } else {
            if (rules.readOnly()) {
                throw new HubRefusal(403, "readonly mode");
            }
            Optional<ObjectNode> payload = path.size() < 3
                    ? small(exchange, user, path)
                    : shelf.publishing(action(exchange, user, path)::run);
            if (payload.isPresent()) {
                Replies.done(exchange, payload.get());
            } else {
                Replies.done(exchange);
            }
        }
    }

    private Optional<ObjectNode> small(HttpExchange exchange, String user, List<String> path)
            throws IOException, HubRefusal {
        String method = exchange.getRequestMethod();
        if (path.size() == 1 && method.equals("DELETE")) {
            if (!shelf.delete(user, path.getFirst())) {
                throw new HubRefusal(404, "source not found");
            }
            return Optional.empty();
        }
        if (path.size() != (path.getFirst().equals("merge") ? 2 : 1)) {
            throw new HubRefusal(404, "not found");
        }
        require(method, "POST");
        return switch (path.getFirst()) {
            case "upload-flist" -> Optional.of(upload.flist(exchange, user));
            case "upload" -> Optional.of(upload.archive(exchange, user));
            case "merge" -> merge(exchange, user, Listings.name(path.getLast()));
            case "docker" -> throw docker(exchange);
            default -> throw new HubRefusal(404, "not found");
        };
    }

    private Action action(HttpExchange exchange, String user, List<String> path) throws HubRefusal {
        String route = path.getFirst().equals("promote") && path.size() == 4
                ? "promote"
                : path.get(1).equals("link") || path.get(1).equals("rename")
                        ? path.size() == 3 ? path.get(1) : ""
                        : path.size() == 4 ? path.get(1) : path.size() == 5 ? path.get(2) : "";
        boolean untags = route.equals("tag") && exchange.getRequestMethod().equals("DELETE");
        if (!untags && rules.changesByGet()) {
            require(exchange.getRequestMethod(), "GET", "POST");
        } else if (!untags) {
            require(exchange.getRequestMethod(), "POST");
        }
        return switch (route) {
            case "link" -> () -> done(() -> shelf.link(user, name(path, 0), name(path, 2)));
            case "rename" -> () -> done(() -> shelf.rename(user, name(path, 0), name(path, 2)));
            case "crosslink" -> () -> done(() -> shelf.crosslink(user, name(path, 0), path.get(2), name(path, 3)));
            case "crosstag" -> () -> done(() -> crosstag(user, path));
            case "promote" -> () -> Optional.of(promote(user, path));
            case "tag" -> () -> done(() -> tag(user, path, untags));
            default -> throw new HubRefusal(404, "not found");
        };
    }

    private static FlistName name(List<String> path, int index) throws HubRefusal {
        return Listings.name(path.get(index));
    }

    /** A change without an answer of its own. */
    @FunctionalInterface
    private interface Change {
        void run() throws IOException, HubRefusal;
    }

    private static Optional<ObjectNode> done(Change change) throws IOException, HubRefusal {
        change.run();
        return Optional.empty();
    }

    private void crosstag(String user, List<String> path) throws IOException, HubRefusal {
        if (path.getFirst().endsWith(FlistName.ENDING)) {
            throw new HubRefusal(400, "tag symlink cannot ends with .flist");
        }
        shelf.crosstag(user, plain(path.get(0)), plain(path.get(2)), plain(path.get(3)));
    }

    private void tag(String user, List<String> path, boolean remove) throws IOException, HubRefusal {
        String tag = plain(path.getFirst());
        if (remove) {
            shelf.untag(user, tag, name(path, 1));
        } else {
            shelf.tag(user, tag, name(path, 1), plain(path.get(3)), name(path, 4));
        }
    }

    private static String plain(String text) throws HubRefusal {
        if (!FlistName.isUser(text) || text.equals("tags")) {
            throw new HubRefusal(400, "this name is not allowed");
        }
        return text;
    }

    private ObjectNode promote(String user, List<String> path) throws IOException, HubRefusal {
        FlistName source = name(path, 2);
        FlistName target = name(path, 3);
        if (!shelf.hasUser(path.get(1))) {
            throw new HubRefusal(404, "user not found");
        }
        Path file = shelf.find(path.get(1), source).orElseThrow(() -> new HubRefusal(404, "source not found"));
        Path copy = shelf.temporary(user);
        try {
            Files.copy(file, copy);
            shelf.publishNew(user, target, copy);
        } finally {
            Files.deleteIfExists(copy);
        }
        ObjectNode payload = Replies.object();
        payload.putObject("source").put("username", path.get(1)).put("filename", source.text());
        payload.putObject("destination").put("username", user).put("filename", target.text());
        return payload;
    }

    private Optional<ObjectNode> merge(HttpExchange exchange, String user, FlistName target)
            throws IOException, HubRefusal {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST);
        List<Path> sources = new ArrayList<>();
        for (String source : sources(body)) {
            String[] parts = source.split("/", -1);
            if (parts.length != 2) {
                throw new HubRefusal(400, "malformed source filename");
            }
            Optional<Path> file = shelf.hasUser(parts[0])
                    ? shelf.find(parts[0], Listings.name(parts[1]))
                    : Optional.empty();
            sources.add(file.orElseThrow(() -> new HubRefusal(404, source + " does not exists")));
        }
        if (sources.isEmpty()) {
            throw new HubRefusal(400, "no source found");
        }
        shelf.publishing(() -> merged(user, target, sources));
        return Optional.empty();
    }

    private boolean merged(String user, FlistName target, List<Path> sources) throws IOException, HubRefusal {
        Flist merged = Flist.open(sources.getFirst());
        for (Path source : sources.subList(1, sources.size())) {
            merged = TreeEdits.merge(merged, Flist.open(source));
        }
        Path file = shelf.temporary(user);
        try {
            merged.write(file);
            shelf.publishNew(user, target, file);
        } finally {
            Files.deleteIfExists(file);
        }
        return true;
    }

    private static List<String> sources(byte[] body) throws HubRefusal {
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            List<String> sources = new ArrayList<>();
            json.forEach(source -> sources.add(source.asString("")));
            if (!json.isArray() || sources.size() > MOST_SOURCES) {
                throw new HubRefusal(400, "malformed json request");
            }
            return sources;
        } catch (JacksonException malformed) {
            throw new HubRefusal(400, "malformed json request");
        }
    }

    /** Images need a docker daemon and a registry, which this hub has not; zship packs them where they are. */
    private static HubRefusal docker(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readNBytes(LARGEST_REQUEST),
                StandardCharsets.UTF_8);
        return body.contains("image")
                ? new HubRefusal(501, "this hub converts no images")
                : new HubRefusal(400, "missing docker image name");
    }

    private static void require(String method, String... allowed) throws HubRefusal {
        if (!List.of(allowed).contains(method)) {
            throw new HubRefusal(405, "use " + String.join(" or ", allowed) + " here", List.of(allowed));
        }
    }
}
