package zship.localnode.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Secret;
import zship.flist.tar.UstarWriter;
import zship.localnode.RawClient;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HubDefenceTest extends HubTestCase {
    @Test
    void requestsOfWebPagesChangeNothing() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        Request page = change("/api/flist/me/app/link/evil").newBuilder().header("Origin", "http://evil.example")
                .build();
        assertThat(call(page).status()).isEqualTo(403);
        Request rebound = change("/api/flist/me/app/link/evil").newBuilder().header("Host", "evil.example").build();
        assertThat(call(rebound).status()).isEqualTo(403);
        assertThat(call(get("/local/evil.flist")).status()).isEqualTo(404);
    }

    @Test
    void uploadThatIsCutOffIsRefused() throws IOException {
        RequestBody body = RequestBody.create(
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.flist\"\r\n\r\nhalf",
                MediaType.get("multipart/form-data; boundary=b"));
        assertThat(call(post(body)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other"})
    void bodyThatIsNoFormIsRefused(String type) throws IOException {
        byte[] form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.flist\"\r\n\r\nx\r\n--b--\r\n"
                .getBytes(StandardCharsets.UTF_8);
        Request request = post(RequestBody.create(form, null)).newBuilder().header("Content-Type", type).build();
        assertThat(call(request).status()).isEqualTo(400);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void formWithEndlessPartsOrHeadersIsRefused() throws IOException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n";
        assertThat(form(part.repeat(1000)).body()).contains("too many fields");
        assertThat(form("--b\r\nX: " + "y".repeat(100_000) + "\r\n\r\n").body())
                .contains("the header of a part is too long");
        assertThat(form("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" + "y".repeat(100_000) + "\r\n--b--")
                .status()).isEqualTo(413);
        assertThat(leftovers()).isEmpty();
    }

    private Answer form(String text) throws IOException {
        return call(post(RequestBody.create(text, MediaType.get("multipart/form-data; boundary=b"))));
    }

    @Test
    void uploadAboveTheLimitIsRefusedAndLeavesNothing() throws IOException {
        serve(limited(100_000, 100_000, 100_000), HubStore.of(this::store));
        Answer answer = upload("app.flist", new byte[200_000]);
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("larger than 100000 bytes");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void archiveThatUnpacksToMuchMoreIsRefused() throws IOException {
        serve(limited(1 << 20, 1 << 20, 10 << 20), HubStore.of(this::store));
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bomb)) {
            UstarWriter tar = new UstarWriter(out);
            tar.file("zeros", new byte[50 << 20], 0);
            tar.finish();
        }
        Answer answer = archive("bomb.tar.gz", bomb.toByteArray());
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("what is in the archive for bomb.flist is larger than 10485760 bytes");
        assertThat(leftovers()).isEmpty();
    }

    /** A browser sends a GET for an image or a link without Origin, but says where it comes from. */
    @Test
    void pageChangesNothingByGetEitherWhereProgramsMay() throws IOException {
        serve(HubRules.DEFAULT.withChangesByGet(true), HubStore.of(this::store));
        upload("app.flist", Files.readAllBytes(flist));
        Request program = get("/api/flist/me/app/rename/new");
        for (String site : List.of("cross-site", "same-site", "none")) {
            assertThat(call(program.newBuilder().header("Sec-Fetch-Site", site).build()).status()).isEqualTo(403);
        }
        assertThat(call(program).status()).isEqualTo(200);
    }

    @Test
    void answerIsNeverTakenForAnotherType() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        for (String path : List.of("/api/repositories", "/local/app.flist", "/local/app.flist.txt", "/none")) {
            try (Response response = http.newCall(get(path)).execute()) {
                assertThat(response.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            }
        }
    }

    @Test
    void uploadThatStopsInTheMiddleIsEndedAndLeavesNothing() throws IOException {
        serve(impatient(), HubStore.of(this::store));
        upload("app.flist", Files.readAllBytes(flist));
        try (RawClient client = new RawClient(hub.port())) {
            client.send("POST /api/flist/me/upload-flist HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; "
                    + "name=\"file\"; filename=\"app.flist\"\r\n\r\n" + "x".repeat(200_000));
            assertThat(client.reply()).isEqualTo("closed");
        }
        while (directory.resolve("hub/local").toFile().list().length != 1) {
            Thread.onSpinWait();
        }
        assertThat(bytes("/local/app.flist")).isEqualTo(Files.readAllBytes(flist));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /api/repositories", "DELETE /api/flist/me/none", "POST /api/flist/me/none",
        "POST /api/flist/me/merge/m.flist", "POST /api/chunks/collect?older-than=0", "PUT /local/app.flist"})
    void requestWhoseBodyNeverComesIsEnded(String request) throws IOException {
        serve(impatient(), HubStore.of(this::store));
        try (RawClient client = new RawClient(hub.port())) {
            client.send(request + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n");
            String reply = client.reply();
            while (!reply.equals("closed")) {
                reply = client.reply();
            }
        }
        assertThat(call(get("/api/repositories")).status()).isEqualTo(200);
    }

    @Test
    void downloadThatNobodyTakesHoldsNoFile() throws IOException {
        serve(impatient(Duration.ofSeconds(2)), HubStore.of(this::store));
        Path large = Files.createDirectories(directory.resolve("hub/local")).resolve("large.flist");
        Files.write(large, new byte[32 << 20]);
        bytes("/local/large.flist.md5");
        try (RawClient client = new RawClient(hub.port())) {
            client.send("GET /local/large.flist HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            while (!isOpen(large)) {
                Thread.onSpinWait();
            }
            while (isOpen(large)) {
                Thread.onSpinWait();
            }
        }
    }

    /** Whether this process, which the hub is a part of, has the file open. */
    private static boolean isOpen(Path file) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"), Files::isSymbolicLink)) {
            for (Path descriptor : open) {
                if (target(descriptor).equals(file)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Path target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (NoSuchFileException closed) {
            return descriptor;
        }
    }

    private static HubRules impatient() {
        return impatient(Duration.ofMillis(300));
    }

    private static HubRules impatient(Duration idle) {
        return HubRules.DEFAULT.withLimits(HubLimits.DEFAULT.withIdle(idle));
    }

    @Test
    void archiveThatIsDeeperThanAnyTreeIsRefused() throws IOException {
        ByteArrayOutputStream deep = new ByteArrayOutputStream();
        byte[] name = "a/".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        deep.writeBytes(tarHeader("././@LongLink", name.length, 'L'));
        deep.writeBytes(Arrays.copyOf(name, (name.length + 511) / 512 * 512));
        deep.writeBytes(tarHeader("a", 0, '0'));
        deep.writeBytes(new byte[1024]);
        Answer answer = archive("deep.tar.gz", deep.toByteArray());
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("deeper than 1024 directories");
        assertThat(leftovers()).isEmpty();
    }

    private static byte[] tarHeader(String name, int size, char type) {
        byte[] header = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 512);
        byte[] numbers = "0000644\0000000000\0000000000\000%011o\00000000000000\000        %s".formatted(size, type)
                .getBytes(StandardCharsets.UTF_8);
        System.arraycopy(numbers, 0, header, 100, numbers.length);
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        byte[] checksum = "%06o\000 ".formatted(sum).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(checksum, 0, header, 148, checksum.length);
        return header;
    }

    @Test
    void linkNeverLeadsToItself() throws IOException {
        upload("app-1.flist", Files.readAllBytes(flist));
        assertThat(call(change("/api/flist/me/app-1/link/a")).status()).isEqualTo(200);
        assertThat(call(change("/api/flist/me/a/link/b")).status()).isEqualTo(200);
        for (String path : List.of("a/link/a", "b/link/a", "a/crosslink/local/b")) {
            Answer answer = call(change("/api/flist/me/" + path));
            assertThat(answer.status()).as(path).isEqualTo(409);
            assertThat(answer.body()).contains("would lead to itself");
        }
        assertThat(bytes("/local/b.flist")).isEqualTo(Files.readAllBytes(flist));
    }

    /** Also those of an earlier process with the same number, as in containers. */
    @Test
    void whatKilledUploadsLeftIsRemovedAtTheStart() throws IOException {
        Path own = Files.createDirectories(directory.resolve("hub/local"));
        long pid = ProcessHandle.current().pid();
        for (String left : List.of(".new-" + pid + "-1", "..new-" + pid + "-2." + pid + ".part", ".new-odd")) {
            Files.writeString(own.resolve(left), "half");
        }
        serve(HubRules.DEFAULT, HubStore.of(this::store));
        assertThat(leftovers()).isEmpty();
        assertThat(upload("app.flist", Files.readAllBytes(flist)).status()).isEqualTo(200);
    }

    @Test
    void tokensThatAreMadeAtOnceAllCount() throws Exception {
        Path file = directory.resolve("tokens");
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Secret>> made = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String user = "user-" + i;
                made.add(threads.submit(() -> new HubTokens(file, Clock.systemUTC()).issue(List.of(user),
                        Duration.ofHours(1))));
            }
            for (Future<Secret> token : made) {
                assertThat(token.get().expose()).startsWith("zship.");
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(32);
        assertThat(Files.getPosixFilePermissions(file)).hasToString("[OWNER_READ, OWNER_WRITE]");
    }
}
