package zship.flist.hub;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Secret;
import zship.flist.hub.HubException.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The answers are those recorded from the real hub. */
class HubClientTest {
    private static final String DONE = "{\"status\": \"success\"}\n";
    private static final String ME = "{\"status\": \"success\", \"payload\": {\"username\": \"alice\"}}\n";
    private static final String UPLOADED = "{\"status\": \"success\", \"payload\": {\"name\": \"a-1.flist\", \"files\": "
            + "{\"success\": true, \"error\": null, \"response\": {\"content\": [], \"regular\": 4, \"failure\": 0, "
            + "\"fullsize\": 54}, \"status\": 0}}}\n";
    private static final byte[] CONTENT = "an flist, \0 or not".getBytes(StandardCharsets.UTF_8);

    private final MockWebServer server = new MockWebServer();
    private final Map<String, MockResponse> answers = new HashMap<>();
    private final List<RecordedRequest> requests = new ArrayList<>();

    @TempDir
    private Path work;

    @BeforeEach
    void start() throws Exception {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                return answers.getOrDefault(request.getMethod() + " " + request.getUrl().encodedPath(),
                        text(404, "<html>not found</html>"));
            }
        });
        server.start();
        answers.put("GET /api/flist/me", text(200, ME));
        answers.put("POST /api/flist/me/upload-flist", text(200, UPLOADED));
        answers.put("GET /api/flist/me/a-1.flist/link/a.flist", text(200, DONE));
        answers.put("GET /alice/a-1.flist", bytes(CONTENT));
        answers.put("GET /alice/a.flist", bytes(CONTENT));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void publishUploadsComparesAndMovesTheLink() throws Exception {
        PublishedFlist published = publish("tok.en");
        assertThat(published.url()).hasToString(base() + "/alice/a-1.flist");
        assertThat(published.link()).hasToString(base() + "/alice/a.flist");
        assertThat(requests).extracting(request -> request.getMethod() + " " + request.getUrl().encodedPath())
                .containsExactly("GET /api/flist/me", "POST /api/flist/me/upload-flist", "GET /alice/a-1.flist",
                        "GET /api/flist/me/a-1.flist/link/a.flist", "GET /alice/a.flist");
        RecordedRequest upload = requests.get(1);
        assertThat(upload.getHeaders().get("Authorization")).isEqualTo("bearer tok.en");
        assertThat(upload.getBody().utf8()).contains("name=\"file\"; filename=\"a-1.flist\"",
                new String(CONTENT, StandardCharsets.UTF_8));
        assertThat(requests.get(2).getHeaders().get("Authorization")).isNull();
    }

    @Test
    void publishWhenHubLacksChunksSaysSo() {
        answers.put("POST /api/flist/me/upload-flist", text(500, "{\"status\": \"error\", \"message\": "
                + "\"unauthorized upload, contents is not fully present on backend\"}\n"));
        expect(Kind.CHUNKS_MISSING, "not fully present on backend");
        assertThat(requests).hasSize(2);
    }

    @Test
    void publishWhenHubToolFailedBehindASuccessIsAFailure() {
        answers.put("POST /api/flist/me/upload-flist", text(200, "{\"status\": \"success\", \"payload\": {\"name\": "
                + "\"a-1.flist\", \"files\": {\"success\": true, \"error\": null, \"response\": {}, \"status\": 1}}}"));
        expect(Kind.REFUSED, "could not read the flist");
    }

    @Test
    void publishWhenHubAnswersHtmlNamesTheStatus() {
        answers.put("POST /api/flist/me/upload-flist", text(500, "<!doctype html><title>500 Internal Server Error"));
        expect(Kind.REFUSED, "the hub answered 500");
    }

    @Test
    void publishWhenTokenIsWrongSaysUnauthorizedWithoutShowingIt() {
        answers.put("GET /api/flist/me", text(403, "{\"message\":\"invalid token\",\"status\":\"error\"}"));
        expect(Kind.UNAUTHORIZED, "the hub answered 403: invalid token");
    }

    @Test
    void publishWhenServedBytesDifferNeverMovesTheLink() {
        answers.put("GET /alice/a-1.flist", bytes(new byte[]{1, 2, 3}));
        expect(Kind.REFUSED, "the hub serves other bytes");
        assertThat(requests).noneMatch(request -> request.getUrl().encodedPath().contains("/link/"));
    }

    @Test
    void publishWhenLinkNameIsAFileSaysHowToGoOn() {
        answers.put("GET /api/flist/me/a-1.flist/link/a.flist",
                text(401, "{\"status\": \"error\", \"message\": \"link destination is already a file\"}"));
        expect(Kind.REFUSED, "already a file");
    }

    @Test
    void publishWhenNobodyAnswersSaysUnreachable() {
        server.close();
        expect(Kind.UNREACHABLE, "");
    }

    @Test
    void publishWhenNameIsUnsafeSendsNothing() throws Exception {
        Path flist = Files.write(work.resolve("x"), CONTENT);
        HubClient client = new HubClient(HubUrl.of(base()), Optional.empty());
        for (String name : List.of("../x.flist", "a b.flist", ".flist", "x.tar", "a/b.flist",
                "x".repeat(300) + ".flist")) {
            assertThatThrownBy(() -> client.publish(flist, name, "a.flist")).isInstanceOfSatisfying(HubException.class,
                    e -> assertThat(e.kind()).isEqualTo(Kind.USAGE));
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void listingGivesEveryEntryOfTheRepository() {
        answers.put("GET /api/flist/alice.3bot", text(200, "[{\"name\": \"edge\", \"size\": \"0 KB\", "
                + "\"updated\": 1795452648, \"type\": \"tag\"}, {\"name\": \"base-link.flist\", \"size\": "
                + "\"0.03 KB\", \"updated\": 1795452648, \"linktime\": 1795452648, \"type\": \"symlink\", "
                + "\"target\": \"official-apps/base.flist\"}]\n"));
        assertThat(client().list("alice.3bot")).containsExactly(
                new HubEntry("edge", "tag", "0 KB", 1795452648, Optional.empty(), Optional.empty()),
                new HubEntry("base-link.flist", "symlink", "0.03 KB", 1795452648,
                        Optional.of("official-apps/base.flist"), Optional.empty()));
        assertThatThrownBy(() -> client().list("nobody")).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void infoOfADanglingLinkHasNoDigest() {
        answers.put("GET /api/flist/alice/base-link.flist/light", text(200, "{\"name\": \"base-link.flist\", "
                + "\"size\": 27, \"updated\": 1795452648, \"type\": \"symlink\", \"md5\": null, \"linktime\": "
                + "1795452648, \"target\": \"../official-apps/base.flist\"}\n"));
        assertThat(client().info("alice", "base-link.flist").md5()).isEmpty();
        answers.put("GET /api/flist/alice/a.flist", text(200, "{\"content\": [], \"regular\": 4, \"symlink\": 1, "
                + "\"directory\": 3, \"special\": 0, \"failure\": 0, \"fullsize\": 54}\n"));
        assertThat(client().tree("alice", "a.flist")).isEqualTo(new HubTree(4, 1, 3, 0, 54));
        answers.put("GET /api/flist/alice/a.flist/metadata", text(200, "{\"backend\": {\"host\": \"h\"}, "
                + "\"hello\": \"world\"}\n"));
        assertThat(client().metadata("alice", "a.flist")).containsEntry("hello", "world").containsEntry("backend",
                "{\"host\":\"h\"}");
    }

    @Test
    void renameNeverReplacesWhatHasTheName() {
        answers.put("GET /api/flist/alice/b.flist/light", text(200, "{\"name\": \"b.flist\"}"));
        assertThatThrownBy(() -> client().rename("a.flist", "b.flist")).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.why()).isEqualTo("alice already has b.flist"));
        assertThat(requests).noneMatch(request -> request.getUrl().encodedPath().contains("/rename/"));
    }

    @Test
    void changesUseTheRoutesOfTheHub() {
        Map<String, String> gone = Map.of("GET /api/flist/me/a.flist/rename/c.flist", DONE,
                "GET /api/flist/me/promote/bob/x.flist/c.flist", DONE,
                "GET /api/flist/me/l.flist/crosslink/bob/x.flist", DONE,
                "GET /api/flist/me/v1/l.flist/tag/bob/x.flist", DONE,
                "DELETE /api/flist/me/v1/l.flist/tag/bob/x.flist", DONE,
                "GET /api/flist/me/stable/crosstag/bob/v1", DONE, "POST /api/flist/me/merge/m.flist", DONE,
                "DELETE /api/flist/me/a.flist", DONE);
        gone.forEach((route, body) -> answers.put(route, text(200, body)));
        HubClient client = client();
        client.rename("a.flist", "c.flist");
        client.promote("bob", "x.flist", "c.flist");
        client.crosslink("l.flist", "bob", "x.flist");
        client.tag("v1", "l.flist", "bob", "x.flist");
        client.untag("v1", "l.flist", "bob", "x.flist");
        client.crosstag("stable", "bob", "v1");
        client.merge("m.flist", List.of("bob/x.flist", "alice/a.flist"));
        client.delete("a.flist");
        assertThat(requests).extracting(request -> request.getMethod() + " " + request.getUrl().encodedPath())
                .containsAll(gone.keySet());
        assertThat(requests.stream().filter(request -> request.getMethod().equals("POST")).findFirst().orElseThrow()
                .getBody().utf8()).isEqualTo("[\"bob/x.flist\",\"alice/a.flist\"]");
    }

    private HubClient client() {
        return new HubClient(HubUrl.of(base()), Optional.of(Secret.of("tok.en")));
    }

    @Test
    void hubUrlWhenNotAWebAddressRefusesWithoutShowingPasswords() {
        for (String text : List.of("ftp://x", "hub.grid.tf", "http://user:canary@hub", "http://", "http://a b")) {
            assertThatThrownBy(() -> HubUrl.of(text)).isInstanceOfSatisfying(HubException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.USAGE);
                assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary");
            });
        }
        assertThat(HubUrl.of("https://hub.grid.tf/")).hasToString("https://hub.grid.tf");
    }

    private void expect(Kind kind, String why) {
        assertThatThrownBy(() -> publish("canary.token")).isInstanceOfSatisfying(HubException.class, e -> {
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.why()).contains(why);
            assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary");
        });
    }

    private PublishedFlist publish(String token) throws Exception {
        Path flist = Files.write(work.resolve("local.flist"), CONTENT);
        return new HubClient(HubUrl.of(base()), Optional.of(Secret.of(token))).publish(flist, "a-1.flist", "a.flist");
    }

    private String base() {
        return "http://127.0.0.1:" + server.getPort();
    }

    private static MockResponse text(int code, String body) {
        return new MockResponse.Builder().code(code).body(body).build();
    }

    private static MockResponse bytes(byte[] body) {
        return new MockResponse.Builder().body(new Buffer().write(body)).build();
    }
}
