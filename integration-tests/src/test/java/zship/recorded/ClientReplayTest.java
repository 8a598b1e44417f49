package zship.recorded;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.Secret;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubException;
import zship.flist.hub.HubLogin;
import zship.flist.hub.HubProgress;
import zship.flist.hub.HubUrl;
import zship.recorded.PlayedHub.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** Gives every recorded answer to the client, and looks at what it makes of it and whether it asked as it was recorded. */
class ClientReplayTest {
    /** What only browsers, or tools that look at HTTP itself, ask for. */
    private static final String NOT_ASKED = "51 52 53 54 55 a35 a36 a37 a38 a39 r02 w00 w01 w02 w03 w04 w05 w06 w07 "
            + "45 49 50 x05 x08 a40 36 43 91 x10 a03 a04 a07 a09 a10";

    /** By the beginning of an exchange's name: what the client makes of it, when that is no success. */
    private static final Map<String, String> FAILURES = Map.of(
            "NOT_FOUND", "34 39 47 48 63 68 71 72 74 78 81 83 85 87 90 a31 a32 a34 m05 z31",
            "CHUNKS_MISSING", "15 z05",
            "UNAUTHORIZED", "a00 a01 a02 a12 a13 a14 a20 g00 z32 z33 z34",
            // Another archive than that of b01 is sent, so the hub lists something else.
            "REFUSED", "b01 16 17 18 19 20 22 23 24 62 69 b00 d01 k00 k01 m04 m06 r00 r01 t04 x07",
            "USAGE", "25 26 27 28 29 82 d00 m03 t02 x00 x01 x02 x04 x11");

    /** Failures that the client sees before it asks. */
    private static final String UNASKED = "25 26 27 28 29 82 d00 m03 t02 x00 x01 x02 x04 x11 69 z32 a14";

    private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");

    private final List<String> problems = new ArrayList<>();
    private final Map<String, Exchange> byPath = new HashMap<>();

    @TempDir
    private Path work;

    @Test
    void everyRecordedAnswerIsUnderstood() throws Exception {
        List<Exchange> all = Exchange.all();
        all.stream().filter(it -> it.method().equals("GET"))
                .forEach(it -> byPath.putIfAbsent(it.mode() + " " + it.path(), it));
        assertThat(all).hasSize(205);
        List<Exchange> asked = all.stream().filter(it -> !has(NOT_ASKED, it)).toList();
        assertThat(asked).hasSize(205 - NOT_ASKED.split(" ").length);
        try (PlayedHub hub = new PlayedHub()) {
            for (Exchange exchange : asked) {
                hub.reset();
                play(hub, exchange);
            }
        }
        assertThat(problems).isEmpty();
    }

    private static boolean has(String names, Exchange exchange) {
        return List.of(names.split(" ")).contains(key(exchange));
    }

    private static String key(Exchange exchange) {
        return exchange.name().replaceFirst("-.*", "");
    }

    private void play(PlayedHub hub, Exchange exchange) throws IOException {
        String request = exchange.method() + " " + ended(exchange.path());
        boolean postAnswered = key(exchange).equals("x07");
        hub.on(request, Answer.of(exchange));
        if (postAnswered) {
            hub.on(request.replace("POST", "GET"), new Answer(405, Map.of("Allow", "POST"), new byte[0]));
        }
        support(hub, exchange);
        String outcome;
        try {
            call(client(hub, exchange), exchange);
            outcome = "success";
        } catch (HubException failure) {
            outcome = failure.kind().toString();
            if ((failure.what() + failure.why() + failure.hint()).contains("Error</title>")
                    || !failure.why().contains(recordedMessage(exchange)) && !has(UNASKED, exchange)) {
                problems.add(exchange + ": says " + failure.why());
            }
        }
        String expected = FAILURES.entrySet().stream().filter(it -> has(it.getValue(), exchange))
                .map(Map.Entry::getKey).findFirst().orElse("success");
        if (!outcome.equals(expected)) {
            problems.add(exchange + ": " + outcome + " instead of " + expected);
        }
        checkRequests(hub, exchange, request);
    }

    private void checkRequests(PlayedHub hub, Exchange exchange, String request) {
        boolean made = hub.asked().stream().anyMatch(it -> it.request().equals(request));
        if (made == has(UNASKED, exchange) && !key(exchange).matches("z32|a14")) {
            problems.add(exchange + (made
                    ? ": was asked"
                    : ": was not asked, but " + hub.asked().stream()
                            .map(PlayedHub.Asked::request).toList()));
        }
        for (PlayedHub.Asked asked : hub.asked()) {
            boolean mine = asked.request().contains(" /api/flist/me");
            if (asked.authorization().isPresent() != (mine && !key(exchange).matches("a00|a20"))) {
                problems.add(exchange + ": token " + (mine ? "not sent" : "sent") + " with " + asked.request());
            }
        }
        long same = hub.asked().stream().filter(it -> it.request().equals(request)).count();
        if (same > 1 && !request.equals("GET /api/flist/me")) {
            problems.add(exchange + ": asked " + same + " times");
        }
    }

    /** The error's own message, which the user must see. */
    private static String recordedMessage(Exchange exchange) {
        return exchange.header("Content-Type").equals("application/json") && exchange.status() >= 400
                ? JsonMapper.shared().readTree(exchange.answerText()).path("message").asString("")
                : "";
    }

    /** Names in paths have their ending when this client sends them. */
    private static String ended(String path) {
        return path.replaceFirst("^/api/flist/$", "/api/flist")
                .replaceFirst("/small/light$", "/small.flist/light").replaceFirst("/merged2$", "/merged2.flist")
                .replaceFirst("/evil/rename/good$", "/evil.flist/rename/good.flist")
                .replaceFirst("/small/link/rel-1$", "/small.flist/link/rel-1.flist")
                .replaceFirst("^/api/flist/me/small.flist$", "/api/flist/Administrator/small.flist");
    }

    /** What else the client asks on its way. */
    private void support(PlayedHub hub, Exchange exchange) {
        String user = exchange.mode().equals("open") ? "Administrator" : "alice.3bot";
        String name = exchange.headers().path("Cookie").asString("").contains("official-apps") ? "official-apps" : user;
        hub.onDefault("GET /api/flist/me", Answer.json(200,
                "{\"status\": \"success\", \"payload\": {\"username\": \"" + name + "\"}}\n"));
        String key = key(exchange);
        if (key.equals("69")) {
            hub.on("GET /api/flist/Administrator/smallmeta.flist/light", Answer.of(Exchange.of("35-info-light")));
        }
        if (exchange.path().endsWith("/upload") && exchange.status() == 200) {
            JsonNode payload = JsonMapper.shared().readTree(exchange.answerText()).path("payload");
            String listing = Map.of("t00", "t01-archive-odd-listing", "t04", "t05-archive-truncated-listing")
                    .getOrDefault(key, "");
            Answer answer = listing.isEmpty()
                    ? Answer.json(200, payload.path("files").path("response").toString())
                    : Answer.of(Exchange.of(listing));
            hub.onDefault("GET /api/flist/" + name + "/" + payload.path("name").asString(""), answer);
        }
        if (exchange.path().endsWith(".md5")) {
            String file = exchange.path().replaceFirst("\\.md5$", "");
            Exchange other = byPath.getOrDefault(exchange.mode() + " " + file, Exchange.of("44-download"));
            hub.onDefault("GET " + file, other.status() == 200
                    ? Answer.of(other)
                    : Answer.of(Exchange.of("44-download")));
        } else if (exchange.path().matches("/[^/]+/[^/]+\\.flist")) {
            Exchange md5 = byPath.get(exchange.mode() + " " + exchange.path() + ".md5");
            if (md5 != null) {
                hub.onDefault("GET " + md5.path(), Answer.of(md5));
            }
        }
    }

    private HubClient client(PlayedHub hub, Exchange exchange) {
        String header = exchange.headers().path("Authorization").asString("");
        String cookie = exchange.headers().path("Cookie").asString("");
        boolean none = key(exchange).matches("a00|a20");
        String token = header.isEmpty() ? "to.ken" : header.replaceFirst("(?i)^bearer ", "").replaceAll("[{}]", "");
        return new HubClient(HubUrl.of(hub.url()),
                new HubLogin(none ? Optional.empty() : Optional.of(Secret.of(token)),
                        Optional.of(cookie).filter(it -> it.startsWith("active-user="))
                                .map(it -> it.substring("active-user=".length()))));
    }

    private void call(HubClient hub, Exchange exchange) throws IOException {
        String[] path = exchange.path().replaceFirst("^/", "").split("/");
        for (int i = 0; i < path.length; i++) {
            path[i] = path[i].replace("%2e", ".");
        }
        if (!path[0].equals("api")) {
            download(hub, exchange, path);
        } else if (path[1].equals("repositories")) {
            assertThat(hub.repositories()).doesNotContain("");
        } else if (path[1].equals("fileslist")) {
            assertThat(hub.everything()).hasSize(exchange.answerText().length() > 5 ? 1 : 0);
        } else if (path.length == 2) {
            assertThat(hub.names()).doesNotContain("");
        } else if (path[2].equals("me")) {
            own(hub, exchange, path);
        } else {
            look(hub, path);
        }
    }

    private void download(HubClient hub, Exchange exchange, String[] path) throws IOException {
        if (path.length == 3 || path.length == 4) {
            hub.served(URI.create(hub.hub() + exchange.path()));
            return;
        }
        Path target = work.resolve("got.flist");
        hub.download(path[0], path[1].replaceFirst("\\.md5$", ""), target, HubProgress.none());
        Exchange file = exchange.path().endsWith(".md5")
                ? byPath.get(exchange.mode() + " " + exchange.path().replace(".md5", ""))
                : exchange;
        assertThat(target).hasBinaryContent(file.answer());
        Files.delete(target);
    }

    private static void look(HubClient hub, String[] path) {
        String last = path[path.length - 1];
        if (path.length == 3) {
            assertThat(hub.list(path[2])).allSatisfy(it -> assertThat(it.type()).isNotEmpty());
        } else if (path[3].equals("tags")) {
            assertThat(hub.tagged(path[2], last)).extracting(it -> it.name()).containsExactly("app.flist");
        } else if (last.equals("light")) {
            hub.info(path[2], flist(path[3]));
        } else if (last.equals("taglink")) {
            assertThat(hub.tagLink(path[2], path[3])).contains("/tags/");
        } else if (last.equals("metadata")) {
            assertThat(hub.metadata(path[2], path[3])).isNotEmpty();
        } else {
            hub.tree(path[2], path[3]);
        }
    }

    private void own(HubClient hub, Exchange exchange, String[] path) throws IOException {
        if (path.length == 3) {
            assertThat(hub.user()).isEqualTo(JsonMapper.shared().readTree(exchange.answerText()).path("payload")
                    .path("username").asString());
        } else if (path[3].startsWith("upload")) {
            upload(hub, exchange, path[3].equals("upload"));
        } else if (path[3].equals("docker")) {
            hub.convertImage(text(exchange).replaceFirst("^(image|x)=(y$)?", ""));
        } else if (path[3].equals("merge")) {
            hub.merge(flist(path[4]), sources(exchange));
        } else if (path[3].equals("promote")) {
            hub.promote(path[4], path[5], path[6]);
        } else if (path.length == 4) {
            remove(hub, exchange, path[3]);
        } else {
            change(hub, exchange, path);
        }
    }

    private static void remove(HubClient hub, Exchange exchange, String name) {
        if (exchange.method().equals("GET")) {
            hub.tree("Administrator", name);
        } else if (name.endsWith(".flist")) {
            hub.delete(name);
        } else {
            hub.deleteTagLink(name);
        }
    }

    private static void change(HubClient hub, Exchange exchange, String[] path) {
        switch (path.length > 5 && path[5].equals("tag") ? "tag" : path[4]) {
            case "link" -> hub.move(flist(path[3]), flist(path[5]));
            case "rename" -> hub.rename(flist(path[3]), flist(path[5]));
            case "crosslink" -> hub.crosslink(path[3], path[5], path[6]);
            case "crosstag" -> hub.crosstag(path[3], path[5], path[6]);
            default -> {
                if (exchange.method().equals("DELETE")) {
                    hub.untag(path[3], path[4], path[6], path[7]);
                } else {
                    hub.tag(path[3], path[4], path[6], path[7]);
                }
            }
        }
    }

    private void upload(HubClient hub, Exchange exchange, boolean archive) throws IOException {
        boolean odd = has("25 26 27 28 29", exchange);
        String stored = exchange.status() == 200
                ? JsonMapper.shared().readTree(exchange.answerText()).path("payload").path("name").asString()
                : "x.flist";
        String sent = exchange.note().replaceFirst(".*filename=([^,]*),.*", "$1");
        String original = exchange.headers().path("X-Original-Name").asString(sent);
        boolean kept = exchange.body().filter(it -> FILE.matcher(new String(it, StandardCharsets.ISO_8859_1)).find())
                .isPresent();
        Exchange source = kept && !has("20 22 23 24", exchange)
                ? exchange
                : Exchange.of(archive ? "12-upload-archive" : "10-upload-flist");
        Path file = Files.write(work.resolve("sent"), file(source));
        if (archive) {
            hub.uploadArchive(file, stored, Map.of("hello", "world"), HubProgress.none());
        } else {
            hub.upload(file, odd ? original : stored, HubProgress.none());
        }
    }

    private static List<String> sources(Exchange exchange) {
        List<String> sources = new ArrayList<>();
        if (has("m04 m06", exchange)) {
            return List.of("alice.3bot/small.flist");
        }
        JsonMapper.shared().readTree(text(exchange)).forEach(source -> sources.add(flist(source.asString(""))));
        return sources;
    }

    private static String flist(String name) {
        return name.endsWith(".flist") ? name : name + ".flist";
    }

    private static String text(Exchange exchange) {
        return new String(exchange.body().orElse(new byte[0]), StandardCharsets.UTF_8);
    }

    /** The file in a recorded upload. */
    private static byte[] file(Exchange exchange) {
        String body = new String(exchange.body().orElseThrow(), StandardCharsets.ISO_8859_1);
        Matcher name = FILE.matcher(body);
        assertThat(name.find()).isTrue();
        int from = body.indexOf("\r\n\r\n", name.end()) + 4;
        String boundary = exchange.headers().path("Content-Type").asString("").replaceFirst(".*boundary=", "");
        return body.substring(from, body.indexOf("\r\n--" + boundary, from)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
