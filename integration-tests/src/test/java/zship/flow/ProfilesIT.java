package zship.flow;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** Each profile of the built-in recipe: it is as small as promised, and it serves what it says it can. */
class ProfilesIT {
    private static final String SOURCE = "a/b&c<d>--\"ä";
    private static final String ADMIN = "admin's \\ word";

    @TempDir
    Path folder;

    private int port;

    @ParameterizedTest
    @CsvSource({"classic,60000000,Theora video", "slim,9000000,'charsets other than UTF-8, Latin-1 and ASCII'",
        "small,1400000,'TLS|YP directories and URL authentication'"})
    void rootIsSmallAndServes(String profile, long mostBytes, String lacks) throws Exception {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        JsonNode built = BuiltRoots.build(zship, profile);
        assertThat(built.path("bytes").asLong()).isLessThanOrEqualTo(mostBytes);
        assertThat(built.path("chunks").asInt()).isPositive();
        assertThat(built.path("storedBytes").asLong()).isPositive().isLessThan(built.path("bytes").asLong());
        assertThat(built.path("lacks").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder(
                Arrays.stream(lacks.split("\\|")).filter(it -> !it.isEmpty()).toArray(String[]::new));
        assertThat(built.path("steps").propertyNames()).hasSize(9);
        billNamesTheService(Path.of(built.path("bill").asString()));
        assertThat(BuiltRoots.build(zship, profile).path("cached").asBoolean()).as("second build").isTrue();

        Path root = BuiltRoots.unpack(built, folder.resolve("root"));
        String features = built.path("features").toString();
        try (YellowPages others = new YellowPages()) {
            serves(root, lacks.contains("charsets"), features.contains("curl") ? others : null);
            asksForListeners(root, others, features.contains("curl"));
        }
        if (features.contains("tls")) {
            servesTls(root);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "zship.profiles", matches = "all", disabledReason = "it compiles OpenSSL, which takes "
            + "minutes: ./check -Dzship.profiles=all")
    void fullRootIsSmallAndServes() throws Exception {
        rootIsSmallAndServes("full", 4_700_000, "");
    }

    @Test
    void rootWithBusyboxHasAShellAndTools() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        JsonNode built = zship.ok("build", "--json", "--profile", "classic", "--sh", "busybox", "--features", "none")
                .json();
        Path root = BuiltRoots.unpack(built, folder.resolve("root"));
        Path log = folder.resolve("log");
        Process shell = BuiltRoots.start(root, log, Map.of(), "/bin/sh", "-c", "ls / | grep -c share; id -u");
        assertThat(shell.waitFor()).isZero();
        assertThat(log).hasContent("1\n1000\n");
        assertThat(built.path("lacks").toString()).contains("Theora", "Speex", "TLS", "YP");
    }

    /** Starts a root and tries everything that a radio does with it. */
    private void serves(Path root, boolean fewCharsets, @Nullable YellowPages directory) throws Exception {
        Map<String, String> environment = environment();
        environment.put("ICECAST_LOCATION", "Gent / Ömsk & \"co\"");
        environment.put("ICECAST_CHARSET", "UTF-8");
        if (directory != null) {
            environment.put("ICECAST_YP_URL", directory.listing());
            // Icecast asks to be listed a minute after a source came; one that is silent must still be there then.
            environment.put("ICECAST_SOURCE_TIMEOUT", "120");
        }
        Path log = folder.resolve("log");
        Process server = BuiltRoots.start(root, log, environment, "/bin/launcher");
        try {
            Icecast icecast = new Icecast(port);
            awaitAnswer(icecast, server, log);
            assertThat(icecast.get("/admin/stats")).isEqualTo(401);
            assertThat(get("/admin/stats", "admin", "wrong").statusCode()).isEqualTo(401);
            assertThat(stats()).contains("Gent / Ömsk &amp; \"co\"");
            assertThat(icecast.get("/style.css")).isEqualTo(200);
            assertThat(icecast.get("/no-such-page")).isEqualTo(404);
            assertThat(icecast.sourceStatus("wrong")).isEqualTo(401);
            streams(icecast, SOURCE, "/radio.ogg", OggFile.make(folder, 4), "OggS");
            readsMetadata(icecast, server, directory, fewCharsets
                    ? "UTF-8&song=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82"
                    : "windows-1251&song=%CF%F0%E8%E2%E5%F2");
            server.descendants().forEach(ProcessHandle::destroy);
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
    }

    /** An MP3 source whose title is in a charset of its own, and which the directory lists when there is one. */
    private void readsMetadata(Icecast icecast, Process server, @Nullable YellowPages directory, String song)
            throws Exception {
        try (Socket source = icecast.source("/live.mp3", SOURCE, "audio/mpeg")) {
            assertThat(Icecast.status(source)).isIn(100, 200);
            for (int tries = 0; tries < 80 && !stats().contains("Привет"); tries++) {
                // The server shows a source a moment after it has accepted it, and a title with the bytes that follow.
                source.getOutputStream().write(new byte[4096]);
                source.getOutputStream().flush();
                get("/admin/metadata?mount=/live.mp3&mode=updinfo&charset=" + song, "admin", ADMIN);
                assertThat(server.waitFor(250, TimeUnit.MILLISECONDS)).isFalse();
            }
            assertThat(stats()).contains("Привет");
            if (directory != null) {
                assertThat(directory.await("add")).containsEntry("type", "audio/mpeg")
                        .hasEntrySatisfying("listenurl", url -> assertThat(url).endsWith(":" + port + "/live.mp3"));
                // It follows the add after five seconds.
                assertThat(directory.await("touch")).containsEntry("sid", YellowPages.SESSION)
                        .hasEntrySatisfying("st", title -> assertThat(title).contains("Привет"));
            }
        }
        if (directory != null) {
            directory.await("remove");
        }
    }

    /** A mount whose listeners somebody else decides about; a server that cannot ask refuses or ignores it. */
    private void asksForListeners(Path root, YellowPages authority, boolean canAsk) throws Exception {
        port = FreePort.choose();
        Files.writeString(root.resolve("etc/asks.xml"), """
                <icecast>
                  <hostname>localhost</hostname>
                  <authentication><source-password>source</source-password></authentication>
                  <listen-socket><port>%d</port></listen-socket>
                  <mount type="normal">
                    <mount-name>/live.ogg</mount-name>
                    <authentication type="url">
                      <option name="listener_add" value="%s"/>
                      <option name="auth_header" value="icecast-auth-user: 1"/>
                    </authentication>
                  </mount>
                  <paths>
                    <basedir>/share/icecast</basedir><logdir>/var/log/icecast</logdir>
                    <webroot>/share/icecast/web</webroot><adminroot>/share/icecast/admin</adminroot>
                  </paths>
                  <logging><accesslog>-</accesslog><errorlog>-</errorlog></logging>
                </icecast>
                """.formatted(port, authority.authority()));
        Path log = folder.resolve("asks.log");
        Process server = BuiltRoots.start(root, log, Map.of(), "/bin/icecast", "-c", "/etc/asks.xml");
        try {
            Icecast icecast = new Icecast(port);
            awaitStart(icecast, server, log);
            try (Socket source = icecast.source("/live.ogg", "source", "audio/mpeg")) {
                assertThat(Icecast.status(source)).isIn(100, 200);
                assertThat(icecast.get("/live.ogg?key=bad")).isEqualTo(canAsk ? 401 : 200);
                assertThat(icecast.get("/live.ogg?key=good")).isEqualTo(200);
            }
        } finally {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroyForcibly();
        }
    }

    /** Streams a file and listens to its beginning. */
    static void streams(Icecast icecast, String password, String mount, byte[] content, String begins)
            throws IOException {
        try (Socket source = icecast.source(mount, password, "application/ogg")) {
            assertThat(Icecast.status(source)).isIn(100, 200);
            int half = content.length / 2;
            source.getOutputStream().write(content, 0, half);
            source.getOutputStream().flush();
            try (Socket listener = icecast.listen(mount)) {
                source.getOutputStream().write(content, half, content.length - half);
                source.getOutputStream().flush();
                byte[] heard = listener.getInputStream().readNBytes(15_000);
                assertThat(new String(heard, 0, begins.length(), StandardCharsets.US_ASCII)).isEqualTo(begins);
            }
        }
    }

    private void servesTls(Path root) throws Exception {
        Path certificate = root.resolve("etc/icecast.pem");
        Process openssl = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-keyout", certificate.toString(), "-out", folder.resolve("crt").toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("openssl.log").toFile()).start();
        assertThat(openssl.waitFor()).isZero();
        Files.writeString(certificate, Files.readString(certificate) + Files.readString(folder.resolve("crt")));
        Map<String, String> environment = environment();
        environment.put("ICECAST_TLS_CERT", "/etc/icecast.pem");
        Path log = folder.resolve("tls.log");
        Process server = BuiltRoots.start(root, log, environment, "/bin/launcher");
        try {
            Process curl = new ProcessBuilder("curl", "--silent", "--show-error", "--retry", "50", "--retry-all-errors",
                    "--retry-delay", "1", "--cacert", folder.resolve("crt").toString(), "--output", "/dev/null",
                    "--write-out", "%{http_code}", "https://localhost:" + port + "/status.xsl").start();
            assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).as(
                    Files.readString(log)).isEqualTo("200");
        } finally {
            server.descendants().forEach(ProcessHandle::destroy);
            server.destroyForcibly();
        }
    }

    private static void billNamesTheService(Path bill) throws IOException {
        JsonNode json = JsonMapper.shared().readTree(bill.toFile());
        assertThat(json.path("bomFormat").asString()).isEqualTo("CycloneDX");
        assertThat(json.path("metadata").path("component").path("name").asString()).isEqualTo("icecast");
        assertThat(json.path("components").valueStream()).isNotEmpty().allSatisfy(component -> {
            assertThat(component.path("version").asString()).isNotEmpty();
            assertThat(component.path("licenses")).as(component.path("name").asString()).isNotEmpty();
            assertThat(component.path("hashes").get(0).path("content").asString()).matches("[0-9a-f]{64}");
        });
    }

    private Map<String, String> environment() throws IOException {
        port = FreePort.choose();
        return new HashMap<>(Map.of("ICECAST_PORT", String.valueOf(port), "ICECAST_SOURCE_PASSWORD", SOURCE,
                "ICECAST_ADMIN_PASSWORD", ADMIN));
    }

    private void awaitAnswer(Icecast icecast, Process server, Path log) throws Exception {
        awaitStart(icecast, server, log);
        // It answers before its own figures are there.
        while (!stats().contains("<location>")) {
            assertThat(server.waitFor(250, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static void awaitStart(Icecast icecast, Process server, Path log) throws Exception {
        while (true) {
            try {
                assertThat(icecast.get("/status.xsl")).isEqualTo(200);
                return;
            } catch (IOException notYet) {
                // It ends when it cannot start; until then it may answer later.
                if (server.waitFor(250, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("the server ended: " + Files.readString(log), notYet);
                }
            }
        }
    }

    /** The statistics, whose characters beyond ASCII the server writes as numbers. */
    private String stats() throws Exception {
        return Pattern.compile("&#x([0-9A-F]+);").matcher(get("/admin/stats", "admin", ADMIN).body())
                .replaceAll(number -> Character.toString(Integer.parseInt(number.group(1), 16)));
    }

    private HttpResponse<String> get(String path, String user, String password) throws Exception {
        String credentials = Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .header("Authorization", "Basic " + credentials).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
