package zship.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import zship.cli.peer.Peers;
import zship.flist.hub.ChunkSupply;
import zship.flist.hub.HubException;
import zship.flist.hub.PublishedFlist;
import zship.flist.store.ChunkStores;
import zship.flist.store.StorePatience;
import zship.flist.store.StoreUrl;
import zship.flist.tar.UstarWriter;
import zship.localnode.hub.HubServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Commands and steps that let a hub do more than keep an flist. */
class HubCommandsTest {
    private static final String ME = "{\"status\": \"success\", \"payload\": {\"username\": \"alice\"}}\n";
    private static final String COUNTS = "{\"content\": [], \"regular\": 2, \"symlink\": 1, \"directory\": 1, "
            + "\"special\": 0, \"failure\": 0, \"fullsize\": 5}\n";

    @TempDir
    private Path home;
    private Cli cli;
    private HubServer hub;

    /** A hub that answers as it is told, and what it was asked. */
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer played;

    @BeforeEach
    void start() throws IOException {
        cli = new Cli(home);
        hub = HubServer.start(home.resolve("hub"), 0, () -> ChunkStores.open(StoreUrl.of(store())));
        played = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        played.createContext("/", this::play);
        played.start();
    }

    @AfterEach
    void stop() {
        hub.close();
        played.stop(0);
    }

    private void play(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(request + (body.isEmpty() ? "" : " " + body));
            byte[] answer = answers.getOrDefault(request, "").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** The hub that was read says statistics where the name should be, so only the listing tells what is there. */
    @Test
    void convertAsksForTheImageAndListsWhatBecameOfIt() {
        answers.put("GET /api/flist/me", ME);
        answers.put("POST /api/flist/me/docker",
                "{\"status\": \"success\", \"payload\": {\"name\": {\"regular\": 9}}}");
        answers.put("GET /api/flist/alice/library-redis-7.flist", COUNTS);
        Cli.Run run = cli.run("hub", "convert", "library/redis:7", "--hub", playedUrl(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode result = run.last();
        assertThat(result.path("name").asString()).isEqualTo("library-redis-7.flist");
        assertThat(result.path("files").asLong()).isEqualTo(2);
        assertThat(result.path("bytes").asLong()).isEqualTo(5);
        assertThat(asked).containsOnlyOnce("POST /api/flist/me/docker image=library%2Fredis%3A7");
    }

    @Test
    void timeoutBoundsTheWaitForAHub() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Cli.Run ls = cli.run("hub", "ls", "--hub",
                    "http://127.0.0.1:" + silent.getLocalPort(), "--timeout", "300ms");
            assertThat(ls.code()).isEqualTo(3);
            assertThat(ls.err()).contains("no answer in time", "127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void convertThatLeavesNothingIsAFailureWhateverTheHubSays() {
        answers.put("GET /api/flist/me", ME);
        answers.put("POST /api/flist/me/docker", "{\"status\": \"success\", \"payload\": {\"name\": {}}}");
        Cli.Run run = cli.run("hub", "convert", "redis:7", "--hub", playedUrl());
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err()).contains("redis-7.flist", "the hub answered 404");
        assertThat(asked.stream().filter(it -> it.startsWith("POST"))).hasSize(1);
    }

    @Test
    void convertOnAHubOfZshipSaysWhatToDoInstead() {
        Cli.Run run = cli.run("hub", "convert", "redis:7", "--hub", url());
        assertThat(run.code()).isEqualTo(5);
        assertThat(run.err()).contains("the hub answered 501: this hub converts no images", "docker save");
    }

    @Test
    void uploadTakesTheNameAndTheMetadataThatAreGiven() throws IOException {
        Path archive = archive("root.tar", "content");
        Cli.Run run = cli.run("hub", "upload", archive.toString(), "--as", "radio-1", "--metadata", "license=GPL-2.0",
                "--metadata", "note=a=b c", "--hub", url(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.last().path("url").asString()).isEqualTo(url() + "/local/radio-1.flist");
        assertThat(run.last().path("files").asLong()).isEqualTo(1);
        Cli.Run info = cli.run("hub", "info", "local/radio-1", "--hub", url());
        assertThat(info.out()).contains("license", "GPL-2.0", "note", "a=b c");
    }

    @Test
    void uploadWithoutANameTakesThatOfTheFile() throws IOException {
        Cli.Run run = cli.run("hub", "upload", archive("root-2.tar", "content").toString(), "--hub", url());
        assertThat(run.out().strip()).isEqualTo(url() + "/local/root-2.flist");
        Cli.Run odd = cli.run("hub", "upload", archive("ro ot.tar", "content").toString(), "--hub", url());
        assertThat(odd.code()).isEqualTo(2);
        assertThat(cli.run("hub", "upload", home.resolve("none.tar").toString(), "--hub", url()).err())
                .contains("there is no such file");
    }

    /** The store lost chunks after they were packed: {@code zship up} packs again, sends them, and tries once more. */
    @Test
    void publishingPacksAgainWhenTheStoreOfTheHubLostChunks() throws IOException {
        Path archive = archive("root.tar", "content");
        String digest = Digests.sha256(archive);
        FlistCache cache = new FlistCache(home.resolve("cache"), StorePatience.USUAL);
        FlistCache.Packed packed = cache.pack(archive, digest, new FlistCache.Target(store(), false),
                (read, sent) -> {
                });
        removeChunks();
        Peers peers = new Peers(store(), url(), Optional.empty(), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> Shipping.publish(packed.file(), peers, "app-1.flist", "app.flist", ChunkSupply.none()))
                .isInstanceOfSatisfying(HubException.class,
                        e -> assertThat(e.kind().name()).isEqualTo("CHUNKS_MISSING"));
        PublishedFlist published = Shipping.publish(packed.file(), peers, "app-1.flist", "app.flist",
                cache.supply(archive, digest, store()));
        assertThat(published.sha256()).isEqualTo(packed.sha256());
        Cli.Run check = cli.run("flist", "check", packed.file().toString(), "--store", store());
        assertThat(check.code()).as(check.err()).isZero();
    }

    private void removeChunks() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("chunks"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path archive(String name, String content) throws IOException {
        Path archive = home.resolve(name);
        try (var out = Files.newOutputStream(archive)) {
            UstarWriter tar = new UstarWriter(out);
            tar.file("file", content.getBytes(StandardCharsets.UTF_8), 0);
            tar.finish();
        }
        return archive;
    }

    private String store() {
        return "dir://" + home.resolve("chunks");
    }

    private String url() {
        return "http://127.0.0.1:" + hub.port();
    }

    private String playedUrl() {
        return "http://127.0.0.1:" + played.getAddress().getPort();
    }
}
