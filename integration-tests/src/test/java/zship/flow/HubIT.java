package zship.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A hub of one's own by {@code zship hub serve}, in a process that can be killed, and the commands that use it. */
class HubIT {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;
    private final List<Process> hubs = new ArrayList<>();
    private Zship zship;
    private String url = "";

    @BeforeEach
    void pack() throws IOException, InterruptedException {
        zship = new Zship(folder.resolve("home"), folder.resolve("cache"));
        Files.createDirectories(folder.resolve("tree/etc"));
        Files.writeString(folder.resolve("tree/etc/conf"), "some content");
        zship.ok("pack", folder.resolve("tree").toString(), "-o", file("app.flist"), "--store", store());
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process hub : hubs) {
            hub.destroyForcibly().waitFor();
        }
    }

    @Test
    void hubWithTokensServesEveryCommand() throws IOException, InterruptedException {
        Process bob = zship.start("hub", "token", "bob", "--tokens", file("tokens"), "-o", file("bob.token"));
        zship.ok("hub", "token", "alice", "team", "--tokens", file("tokens"), "-o", file("alice.token"));
        assertThat(bob.waitFor()).isZero();
        serve("--tokens", file("tokens"));
        String[] alice = {"--hub", url, "--token", "file:" + file("alice.token")};
        assertThat(hub(alice, "login").out().strip()).isEqualTo("alice");
        assertThat(zship.ok("hub", "login", "--hub", url, "--token", "file:" + file("bob.token")).out().strip())
                .isEqualTo("bob");
        Zship.Run none = zship.run("publish", file("app.flist"), "--hub", url);
        assertThat(none.code()).isEqualTo(5);
        assertThat(none.err()).contains("the hub answered 401: no authorization provided; no token was sent");
        JsonNode published = run(alice, "publish", file("app.flist"), "--json").json();
        String name = published.path("url").asString().replaceFirst(".*/", "");
        assertThat(name).matches("app-[0-9a-f]{8}\\.flist");
        hub(alice, "tag", "alice/" + name, "v1", "app");
        hub(alice, "crosstag", "stable", "alice", "v1");
        for (String place : List.of("alice/app", "alice/tags/v1/app", "alice/v1/app", "alice/stable/app")) {
            hub(alice, "get", place, "-o", file("got.flist"));
            assertThat(Path.of(file("got.flist"))).hasSameBinaryContentAs(Path.of(file("app.flist")));
        }
        hub(alice, "promote", "alice/app", "copy", "--user", "team");
        assertThat(hub(alice, "ls", "team").out()).contains("copy.flist");
        hub(alice, "rm", "--tag-link", "stable");
        assertThat(zship.run("hub", "get", "alice/stable/app", "--hub", url).code()).isEqualTo(5);
        Zship.Run mirrored = zship.ok("hub", "info", "team/copy", "--hub", "http://127.0.0.1:1", "--mirror", url);
        assertThat(mirrored.out()).contains("files: 1", "bytes: 12");
    }

    @Test
    void missingChunksAreSentAgainAndOthersCollected() throws IOException, InterruptedException {
        serve();
        String[] to = {"--hub", url};
        zship.ok("store", "copy", store(), "dir://" + file("other"), "--flist", file("app.flist"));
        assertThat(hub(to, "gc", "--older-than", "1ms", "--dry-run").out()).startsWith("would remove 1 chunks");
        assertThat(hub(to, "gc", "--older-than", "1ms", "--keep", file("app.flist")).out()).startsWith("removed 0");
        assertThat(hub(to, "gc", "--older-than", "1ms").out()).startsWith("removed 1 chunks");
        Zship.Run refused = zship.run("publish", file("app.flist"), "--hub", url, "--store", store());
        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).contains("contents is not fully present on backend", "1 chunks of /etc/conf");
        run(to, "publish", file("app.flist"), "--store", store(), "--chunks-from", "dir://" + file("other"));
        assertThat(hub(to, "gc", "--older-than", "1ms").out()).startsWith("removed 0 chunks (0 B); 1 flists need 1");
    }

    @Test
    void hubKilledDuringAnUploadHasTheOldFile() throws Exception {
        serve();
        run(new String[]{"--hub", url}, "publish", file("app.flist"));
        byte[] old = get("/local/app.flist");
        try (Socket half = new Socket("127.0.0.1", URI.create(url).getPort())) {
            OutputStream out = half.getOutputStream();
            out.write(("POST /api/flist/me/upload-flist HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; "
                    + "name=\"file\"; filename=\"app.flist\"\r\n\r\n" + "x".repeat(500_000))
                    .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            while (names(".new-").isEmpty()) {
                Thread.onSpinWait();
            }
            hubs.removeLast().destroyForcibly().waitFor();
        }
        assertThat(names(".new-")).hasSize(1);
        serve();
        assertThat(get("/local/app.flist")).isEqualTo(old);
        assertThat(names(".new-")).isEmpty();
    }

    /** Both processes have far less memory than the archive has bytes. */
    @Test
    void archiveOfOneGibibyteNeedsLittleMemory() throws IOException, InterruptedException {
        zship.with("JAVA_TOOL_OPTIONS", "-Xmx160m");
        serve();
        Path archive = folder.resolve("large.tar.gz");
        writeLargeTar(archive);
        JsonNode uploaded = hub(new String[]{"--hub", url}, "upload", archive.toString(), "--json").json();
        assertThat(uploaded.path("files").asLong()).isEqualTo(1);
        assertThat(uploaded.path("bytes").asLong()).isEqualTo(GIB);
        assertThat(get("/local/large.flist.md5")).hasSize(33);
    }

    /** A tar of one file that has another number in every 4 MiB, and holes between them. */
    private void writeLargeTar(Path archive) throws IOException, InterruptedException {
        Path large = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(GIB);
        }
        byte[] header = new byte[512];
        Process tar = new ProcessBuilder("tar", "-C", folder.toString(), "-cf", "-", "--format=gnu", "large").start();
        try (RandomAccessFile out = new RandomAccessFile(archive.toFile(), "rw")) {
            assertThat(tar.getInputStream().readNBytes(header, 0, 512)).isEqualTo(512);
            tar.destroyForcibly().waitFor();
            out.write(header);
            for (long at = 0; at < GIB; at += 4 << 20) {
                out.seek(512 + at);
                out.writeLong(at + 1);
            }
            out.setLength(512 + GIB + 1024);
        }
        Files.delete(large);
    }

    private Zship.Run hub(String[] to, String... command) throws IOException, InterruptedException {
        return run(to, Stream.concat(Stream.of("hub"), Stream.of(command)).toArray(String[]::new));
    }

    private Zship.Run run(String[] to, String... command) throws IOException, InterruptedException {
        return zship.ok(Stream.concat(Stream.of(command), Stream.of(to)).toArray(String[]::new));
    }

    private void serve(String... more) throws IOException {
        Process hub = zship.start(Stream.concat(Stream.of("hub", "serve", "--listen", "127.0.0.1:0", "--directory",
                file("hub"), "--store", store()), Stream.of(more)).toArray(String[]::new));
        hubs.add(hub);
        url = new BufferedReader(new InputStreamReader(hub.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(url).startsWith("http://127.0.0.1:");
    }

    private List<String> names(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("hub/local"))) {
            return files.map(it -> it.getFileName().toString()).filter(it -> it.startsWith(prefix)).toList();
        }
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(URI.create(url + path)).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String store() {
        return "dir://" + file("chunks");
    }
}
