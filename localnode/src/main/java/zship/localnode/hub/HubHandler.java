package zship.localnode.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreException;
import zship.localnode.process.LoopbackPeers;

/** The routes of the hub. Every name in a path is checked; only the client's own machine and no web page may change anything. */
final class HubHandler implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(HubHandler.class.getName());
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
            .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Shelf shelf;
    private final Upload upload;

    HubHandler(Shelf shelf, Supplier<ChunkStore> store) {
        this.shelf = shelf;
        this.upload = new Upload(shelf, store);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                route(exchange);
            } catch (HubRefusal refused) {
                ObjectNode body = object().put("status", "error").put("message", refused.text());
                if (!refused.items().isEmpty()) {
                    ArrayNode missing = body.putArray("missing");
                    refused.items().forEach(missing::add);
                }
                send(exchange, refused.status(), body);
            } catch (FlistException refused) {
                send(exchange, 422,
                        object().put("status", "error").put("message", refused.what() + ": " + refused.why()));
            } catch (StoreException broken) {
                send(exchange, 503,
                        object().put("status", "error").put("message", broken.what() + ": " + broken.why()));
            } catch (FileSystemException storage) {
                LOG.log(System.Logger.Level.ERROR, "hub: {0}", storage.toString());
                String reason = storage.getReason() == null ? "cannot be used" : storage.getReason();
                send(exchange, 507, object().put("status", "error").put("message", "hub folder: " + reason));
            } catch (RuntimeException unexpected) {
                LOG.log(System.Logger.Level.ERROR, "hub: " + exchange.getRequestURI(), unexpected);
                send(exchange, 500, object().put("status", "error").put("message", "internal error"));
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException, HubRefusal {
        List<String> path = List.of(exchange.getRequestURI().getRawPath().replaceAll("^/+|/+$", "").split("/"));
        boolean api = path.size() >= 3 && path.get(0).equals("api") && path.get(1).equals("flist");
        if (api && path.get(2).equals("me")) {
            guard(exchange);
            own(exchange, path.subList(3, path.size()));
        } else if (api) {
            read(exchange);
            listing(exchange, path.subList(2, path.size()));
        } else if (path.equals(List.of("api", "repositories"))) {
            read(exchange);
            repositories(exchange);
        } else if (path.size() == 2) {
            read(exchange);
            download(exchange, path.get(0), path.get(1));
        } else {
            throw new HubRefusal(404, "not found");
        }
    }

    private static void read(HttpExchange exchange) throws HubRefusal {
        if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
            throw new HubRefusal(405, "method not allowed");
        }
    }

    /** A browser says where a request comes from, and under which name it knows this server. */
    private static void guard(HttpExchange exchange) throws HubRefusal {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
        boolean ownName = host.startsWith("127.0.0.1") || host.startsWith("localhost");
        if (exchange.getRequestHeaders().containsKey("Origin") || !ownName) {
            throw new HubRefusal(403, "requests of web pages are not accepted");
        }
        if (!LoopbackPeers.isTrusted(exchange.getRemoteAddress(), exchange.getLocalAddress())) {
            throw new HubRefusal(403, "another user's hub");
        }
    }

    private void own(HttpExchange exchange, List<String> path) throws IOException, HubRefusal {
        String method = exchange.getRequestMethod();
        if (path.isEmpty() && method.equals("GET")) {
            ObjectNode body = object().put("status", "success");
            body.putObject("payload").put("username", HubServer.USER);
            send(exchange, 200, body);
        } else if (path.equals(List.of("upload-flist")) && method.equals("POST")) {
            ObjectNode body = object().put("status", "success");
            body.set("payload", upload.receive(exchange));
            send(exchange, 200, body);
        } else if (path.size() == 3 && path.get(1).equals("link") && method.equals("GET")) {
            shelf.link(HubServer.USER, name(path.get(0)), name(path.get(2)));
            send(exchange, 200, object().put("status", "success"));
        } else if (path.size() == 3 && path.get(1).equals("rename") && method.equals("GET")) {
            shelf.rename(HubServer.USER, name(path.get(0)), name(path.get(2)));
            send(exchange, 200, object().put("status", "success"));
        } else if (path.size() == 1 && method.equals("DELETE")) {
            if (!shelf.delete(HubServer.USER, name(path.get(0)))) {
                throw new HubRefusal(404, "source not found");
            }
            send(exchange, 200, object().put("status", "success"));
        } else {
            throw new HubRefusal(404, "not found");
        }
    }

    private void repositories(HttpExchange exchange) throws IOException {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String user : shelf.users()) {
            list.add(object().put("name", user).put("official", false).put("updated", shelf.updated(user)));
        }
        send(exchange, 200, JSON.writeValueAsString(list), "application/json");
    }

    /** What is in an flist: its entries with their sizes and counts, or its metadata. */
    private static ObjectNode contents(Path file, boolean metadata) {
        Flist flist = Flist.open(file);
        if (metadata) {
            ObjectNode json = object();
            flist.metadata().forEach(json::put);
            return json;
        }
        ObjectNode json = Upload.contents(flist);
        ArrayNode content = json.putArray("content");
        flist.walk((path, entry) -> content
                .add(object().put("path", path.toString()).put("size", entry.size())));
        return json;
    }

    private void listing(HttpExchange exchange, List<String> path) throws IOException, HubRefusal {
        String user = path.getFirst();
        if (!FlistName.isUser(user) || !shelf.hasUser(user)) {
            throw new HubRefusal(404, "user not found");
        }
        if (path.size() == 1) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            for (FlistName name : shelf.list(user)) {
                Optional<Path> file = shelf.find(user, name);
                if (file.isPresent()) {
                    list.add(describe(name, file.get(), true));
                }
            }
            send(exchange, 200, JSON.writeValueAsString(list), "application/json");
        } else if (path.size() == 3 && path.get(2).equals("light")) {
            FlistName name = name(path.get(1));
            Path file = shelf.find(user, name).orElseThrow(() -> new HubRefusal(404, "source not found"));
            ObjectNode body = describe(name, file, false);
            send(exchange, 200, body.put("md5", Shelf.md5(file)));
        } else if (path.size() == 2 || path.size() == 3 && path.get(2).equals("metadata")) {
            FlistName name = name(path.get(1));
            Path file = shelf.find(user, name).orElseThrow(() -> new HubRefusal(404, "source not found"));
            send(exchange, 200, contents(file, path.size() == 3));
        } else {
            throw new HubRefusal(404, "not found");
        }
    }

    private static ObjectNode describe(FlistName name, Path file, boolean sizeAsText) throws IOException {
        ObjectNode json = object().put("name", name.text());
        long size = Files.size(file);
        if (sizeAsText) {
            json.put("size", String.format(Locale.ROOT, "%.2f KB", size / 1024.0));
        } else {
            json.put("size", size);
        }
        json.put("updated", Files.getLastModifiedTime(file).toMillis() / 1000);
        if (Files.isSymbolicLink(file)) {
            json.put("type", "symlink").put("linktime",
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000);
            return json.put("target", Files.readSymbolicLink(file).toString());
        }
        return json.put("type", "regular");
    }

    private static FlistName name(String text) throws HubRefusal {
        return FlistName.of(text).orElseThrow(() -> new HubRefusal(400, "this name is not allowed"));
    }

    private void download(HttpExchange exchange, String user, String text) throws IOException, HubRefusal {
        boolean md5 = text.endsWith(".flist.md5");
        String plain = md5 ? text.substring(0, text.length() - ".md5".length()) : text;
        if (!FlistName.isUser(user) || !plain.endsWith(FlistName.ENDING)) {
            throw new HubRefusal(404, "not found");
        }
        Path file = shelf.find(user, name(plain)).orElseThrow(() -> new HubRefusal(404, "source not found"));
        if (md5) {
            send(exchange, 200, Shelf.md5(file) + "\n", "text/plain");
            return;
        }
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        String tag = "\"" + modified.toEpochMilli() + "-" + Files.size(file) + "\"";
        exchange.getResponseHeaders().set("ETag", tag);
        exchange.getResponseHeaders().set("Last-Modified", HTTP_DATE.format(modified));
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        sendFile(exchange, plain, file);
    }

    private static void sendFile(HttpExchange exchange, String name, Path file) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders().set("Content-Disposition", "inline; filename=" + name);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (exchange.getRequestMethod().equals("HEAD") || size == 0) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            Optional<ByteRange> range = ByteRange.wanted(exchange.getRequestHeaders(),
                    String.valueOf(exchange.getResponseHeaders().getFirst("ETag")), size);
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (range.isEmpty()) {
                exchange.sendResponseHeaders(200, size);
                Channels.newInputStream(channel).transferTo(exchange.getResponseBody());
                return;
            }
            ByteRange part = range.get();
            if (part.length() <= 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Range",
                    "bytes " + part.first() + "-" + part.last() + "/" + size);
            exchange.sendResponseHeaders(206, part.length());
            part.copy(channel, exchange.getResponseBody());
        }
    }

    private static void send(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        send(exchange, status, JSON.writeValueAsString(body) + "\n", "application/json");
    }

    private static void send(HttpExchange exchange, int status, String body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        write(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
