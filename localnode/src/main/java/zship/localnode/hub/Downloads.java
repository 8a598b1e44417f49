package zship.localnode.hub;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import org.jspecify.annotations.Nullable;

import zship.localnode.hub.Digests.Snapshot;

/** Serves flists and their digests: {@code NAME.flist}, and after that {@code .md5}, {@code .sha256}, {@code .txt}, {@code .json}. */
final class Downloads {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
            .ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final List<String> ENDINGS = List.of(".md5", ".sha256", ".txt", ".json");

    private final Shelf shelf;
    private final Digests digests;
    private final HubRules rules;

    Downloads(Shelf shelf, Digests digests, HubRules rules) {
        this.shelf = shelf;
        this.digests = digests;
        this.rules = rules;
    }

    void answer(HttpExchange exchange, String user, String text) throws IOException, HubRefusal {
        String ending = ENDINGS.stream().filter(it -> text.endsWith(FlistName.ENDING + it)).findFirst().orElse("");
        String plain = text.substring(0, text.length() - ending.length());
        FlistName name = plain.endsWith(FlistName.ENDING) && FlistName.isUser(user)
                ? FlistName.of(plain).orElseThrow(() -> new HubRefusal(404, "not found"))
                : missing();
        Path file = shelf.find(user, name).orElseThrow(() -> new HubRefusal(404, "source not found"));
        switch (ending) {
            case ".md5" -> Replies.text(exchange, 200, digests.of(file).md5() + "\n", "text/plain");
            case ".sha256" -> Replies.text(exchange, 200, digests.of(file).sha256() + "\n", "text/plain");
            case ".json" -> Replies.json(exchange, 200, Listings.contents(file));
            case ".txt" -> Replies.text(exchange, 200, summary(exchange, user, name, file), "text/plain");
            default -> send(exchange, name, file);
        }
    }

    void tagged(HttpExchange exchange, String user, String tag, String text) throws IOException, HubRefusal {
        FlistName name = text.endsWith(FlistName.ENDING)
                ? FlistName.of(text).orElseThrow(() -> new HubRefusal(404, "not found"))
                : missing();
        Path file = shelf.findTagged(user, tag, name).orElseThrow(() -> new HubRefusal(404, "source not found"));
        send(exchange, name, file);
    }

    private static FlistName missing() throws HubRefusal {
        throw new HubRefusal(404, "not found");
    }

    private String summary(HttpExchange exchange, String user, FlistName name, Path file) throws IOException {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
        String source = "http://" + host.replaceAll("[^A-Za-z0-9.:\\[\\]-]", "") + "/" + user + "/" + name;
        String storage = rules.publicStore().map(Object::toString).orElse("");
        return "File:     %s\nUploader: %s\nSource:   %s\nStorage:  %s\nChecksum: %s\n".formatted(name, user, source,
                storage, digests.of(file).md5());
    }

    private void send(HttpExchange exchange, FlistName name, Path file) throws IOException {
        try (Snapshot snapshot = digests.open(file)) {
            String tag = "\"" + snapshot.digests().sha256() + "\"";
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.getResponseHeaders().set("Last-Modified", HTTP_DATE.format(snapshot.modified()));
            exchange.getResponseHeaders().set("Cache-Control", "no-cache");
            exchange.getResponseHeaders().set("Content-Disposition", "inline; filename=" + name);
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (matches(exchange.getRequestHeaders().getFirst("If-None-Match"), tag)) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
            if (exchange.getRequestMethod().equals("HEAD") || snapshot.size() == 0) {
                exchange.getResponseHeaders().set("Content-Length", Long.toString(snapshot.size()));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            Optional<ByteRange> range = ByteRange.wanted(exchange.getRequestHeaders(), tag, snapshot.size());
            if (range.isPresent()) {
                part(exchange, snapshot, range.get());
                return;
            }
            exchange.sendResponseHeaders(200, snapshot.size());
            Channels.newInputStream(snapshot.channel()).transferTo(exchange.getResponseBody());
        }
    }

    private static boolean matches(@Nullable String header, String tag) {
        return header != null && Arrays.stream(header.split(",")).map(String::strip)
                .anyMatch(it -> it.equals("*") || it.equals(tag) || it.equals("W/" + tag));
    }

    private static void part(HttpExchange exchange, Snapshot snapshot, ByteRange part) throws IOException {
        if (part.length() <= 0) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + snapshot.size());
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Range",
                "bytes " + part.first() + "-" + part.last() + "/" + snapshot.size());
        exchange.sendResponseHeaders(206, part.length());
        part.copy(snapshot.channel(), exchange.getResponseBody());
    }
}
