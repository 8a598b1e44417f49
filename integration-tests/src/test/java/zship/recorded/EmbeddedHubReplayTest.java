package zship.recorded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.hub.HubAccess;
import zship.localnode.hub.HubLimits;
import zship.localnode.hub.HubRules;
import zship.localnode.hub.HubServer;
import zship.localnode.hub.HubStore;
import zship.localnode.hub.HubTokens;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends every recorded request to the embedded hub, in the order of the recording, and compares status and answer. */
class EmbeddedHubReplayTest {
    private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");
    private static final HubRules RULES = HubRules.DEFAULT.withChangesByGet(true)
            .withLimits(HubLimits.DEFAULT.withSizes(1 << 20, 1 << 20, 1 << 30))
            .withPublicStore((StoreUrl.Server) StoreUrl.of("zdb://127.0.0.1:19900"));

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> tokens = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private byte[] archive = new byte[0];
    private StoreUrl store = StoreUrl.of("dir:///nowhere");
    private String etag = "";

    @TempDir
    private Path folder;

    @BeforeEach
    void fillStore() throws Exception {
        store = StoreUrl.of("dir://" + folder.resolve("chunks"));
        archive = file(Exchange.of("12-upload-archive"));
        Path tar = Files.write(folder.resolve("small.tar.gz"), archive);
        try (ChunkStore open = ChunkStores.open(store)) {
            new Packer(open, PackEvents.none()).pack(tar, folder.resolve("small.flist"), PackOptions.DEFAULT);
        }
    }

    @Test
    void everyRecordedRequestIsAnsweredAsByTheRealHubOrBetter() throws Exception {
        List<Exchange> all = Exchange.all();
        assertThat(all.stream().filter(it -> !it.mode().equals("session"))).hasSize(170);
        assertThat(all.stream().filter(it -> it.mode().equals("session"))).hasSize(35);
        assertThat(all).extracting(it -> it.name().replaceFirst("-.*", ""))
                .containsAll(Differences.listed().keySet());
        replay(all.stream().filter(it -> it.mode().equals("open")).toList(), "open", RULES,
                HubAccess.local("Administrator"));
        replay(of(all, "auth"), "auth", RULES, access());
        replay(of(all, "dotless"), "auth", RULES, access());
        replay(of(all, "session"), "auth", RULES, access());
        replay(of(all, "readonly"), "readonly", RULES.withReadOnly(true), HubAccess.local("Administrator"));
        assertThat(problems).isEmpty();
    }

    @Test
    void everyDifferenceIsInThePageAboutThem() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("zship.home"), "docs/hub-differences.md"));
        Differences.listed().values().forEach(
                it -> assertThat(page)
                        .containsPattern("\\| " + Pattern.quote(it.reason()) + " \\| .* " + it.status() + " \\|"));
    }

    private static List<Exchange> of(List<Exchange> all, String mode) {
        return all.stream().filter(it -> it.mode().equals(mode)).toList();
    }

    private HubAccess access() throws IOException {
        HubTokens users = new HubTokens(folder.resolve("tokens"), Clock.systemUTC());
        for (List<String> names : List.of(List.of("alice.3bot"), List.of("tfofficial.3bot", "official-apps"),
                List.of("guest"))) {
            tokens.put("{" + names.getFirst() + "}", users.issue(names, Duration.ofHours(1)).expose());
        }
        return users;
    }

    private void replay(List<Exchange> exchanges, String directory, HubRules rules, HubAccess access) throws Exception {
        try (HubServer hub = start(directory, rules, access, store);
                HubServer storeless = start(directory, rules, access, StoreUrl.of("zdb://127.0.0.1:1"))) {
            for (Exchange exchange : exchanges) {
                int port = exchange.name().matches("k\\d.*") ? storeless.port() : hub.port();
                HttpResponse<byte[]> answer = send(exchange, port);
                answer.headers().firstValue("ETag").filter(it -> exchange.status() == 200).ifPresent(it -> etag = it);
                String problem = Differences.problem(exchange, answer);
                if (!problem.isEmpty()) {
                    problems.add(exchange + ": " + problem);
                }
            }
        }
    }

    private HubServer start(String directory, HubRules rules, HubAccess access, StoreUrl url) throws IOException {
        return HubServer.start(folder.resolve(directory), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                HubStore.of(() -> ChunkStores.open(url)), rules, access);
    }

    private HttpResponse<byte[]> send(Exchange exchange, int port) throws Exception {
        byte[] body = exchange.body().isPresent() ? exchange.body().get() : made(exchange);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + exchange.path()))
                .method(exchange.method(), body.length == 0
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.headers().properties().forEach(header -> {
            String value = header.getValue().asString("");
            for (Map.Entry<String, String> token : tokens.entrySet()) {
                value = value.replace(token.getKey(), token.getValue());
            }
            request.header(header.getKey(), header.getKey().equals("If-None-Match") ? etag : value);
        });
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(exchange + " was not answered", e);
        }
    }

    /** A body of the same sort as one that was too large to keep. */
    private byte[] made(Exchange exchange) throws Exception {
        String name = exchange.note().replaceFirst(".*filename=([^,]*),.*", "$1");
        byte[] content = switch (exchange.name()) {
            case "b00-big-garbage-64MiB" -> new byte[2 << 20];
            case "16-upload-flist-garbage", "18-upload-archive-garbage" -> random();
            case "b02-flist-icecast" -> Files.readAllBytes(folder.resolve("small.flist"));
            case "t04-archive-truncated" -> Arrays.copyOf(plain(), 2000);
            default -> plain();
        };
        String type = exchange.headers().path("Content-Type").asString("");
        String boundary = type.replaceFirst(".*boundary=", "");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n")
                .formatted(boundary, name.contains(" ") ? "trunc.tar.gz" : name).getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    private static byte[] random() {
        byte[] bytes = new byte[20_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private byte[] plain() throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            return in.readAllBytes();
        }
    }

    /** The file in a recorded upload. */
    private static byte[] file(Exchange exchange) {
        String body = new String(exchange.body().orElseThrow(), StandardCharsets.ISO_8859_1);
        Matcher name = FILE.matcher(body);
        assertThat(name.find()).isTrue();
        int from = body.indexOf("\r\n\r\n", name.end()) + 4;
        int to = body.indexOf("\r\n--", from);
        return body.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }
}
