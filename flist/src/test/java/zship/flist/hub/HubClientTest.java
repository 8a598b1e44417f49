package zship.flist.hub;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Flist;
import zship.flist.Secret;
import zship.flist.hub.HubException.Kind;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The answers are those recorded from the real hub. */
class HubClientTest {
    private static final String DONE = "{\"status\": \"success\"}\n";
    private static final String ME = "{\"status\": \"success\", \"payload\": {\"username\": \"alice\"}}\n";
    private static final String UPLOADED = "{\"status\": \"success\", \"payload\": {\"name\": \"a-1.flist\", \"files\": "
            + "{\"success\": true, \"error\": null, \"response\": {\"content\": [], \"regular\": 4, \"failure\": 0, "
            + "\"fullsize\": 54}, \"status\": 0}}}\n";
    private static final String MISSING = "{\"status\": \"error\", \"message\": "
            + "\"unauthorized upload, contents is not fully present on backend\"}\n";

    private final MockWebServer server = new MockWebServer();
    private final Map<String, MockResponse> answers = new HashMap<>();
    private final Map<String, Deque<MockResponse>> first = new HashMap<>();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private byte[] content = new byte[0];

    @TempDir
    private Path work;

    private void pack() throws Exception {
        Files.writeString(Files.createDirectories(work.resolve("tree")).resolve("file"), "content of the file");
        try (ChunkStore chunks = chunks("chunks")) {
            new Packer(chunks, PackEvents.none()).pack(work.resolve("tree"), work.resolve("local.flist"),
                    PackOptions.DEFAULT);
        }
        content = Files.readAllBytes(work.resolve("local.flist"));
    }

    private ChunkStore chunks(String folder) {
        return ChunkStores.open(StoreUrl.of("dir://" + work.resolve(folder)));
    }

    @BeforeEach
    void start() throws Exception {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                Deque<MockResponse> before = first.getOrDefault(
                        request.getMethod() + " " + request.getUrl().encodedPath(), new ArrayDeque<>());
                return !before.isEmpty()
                        ? before.remove()
                        : answers.getOrDefault(request.getMethod() + " " + request.getUrl().encodedPath(),
                                text(404, "<html>not found</html>"));
            }
        });
        server.start();
    }

    @BeforeEach
    void answer() throws Exception {
        pack();
        answers.put("GET /api/flist/alice/a-1.flist/light", text(200, "{\"name\": \"a-1.flist\", \"size\": "
                + content.length + ", \"type\": \"regular\", \"md5\": \"" + md5(content) + "\"}\n"));
        answers.put("GET /api/flist/alice/a-1.flist", text(200, "{\"content\": [], \"regular\": 1, \"symlink\": 0, "
                + "\"directory\": 0, \"special\": 0, \"failure\": 0, \"fullsize\": 19}\n"));
        answers.put("GET /api/flist/me", text(200, ME));
        answers.put("POST /api/flist/me/upload-flist", text(200, UPLOADED));
        answers.put("GET /api/flist/me/a-1.flist/link/a.flist", text(200, DONE));
        answers.put("GET /alice/a-1.flist", bytes(content));
        answers.put("GET /alice/a.flist", bytes(content));
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
                .containsExactly("GET /api/flist/me", "POST /api/flist/me/upload-flist",
                        "GET /api/flist/alice/a-1.flist/light", "GET /api/flist/alice/a-1.flist",
                        "GET /alice/a-1.flist", "GET /api/flist/me/a-1.flist/link/a.flist", "GET /alice/a.flist");
        RecordedRequest upload = requests.get(1);
        assertThat(upload.getHeaders().get("Authorization")).isEqualTo("bearer tok.en");
        assertThat(upload.getBody().utf8()).contains("name=\"file\"; filename=\"a-1.flist\"");
        assertThat(upload.getBody().indexOf(ByteString.of(content))).isPositive();
        assertThat(requests.get(2).getHeaders().get("Authorization")).isNull();
    }

    @Test
    void publishWhenHubLacksChunksSaysSo() {
        answers.put("POST /api/flist/me/upload-flist", text(500, MISSING));
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
        Path flist = work.resolve("local.flist");
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

    @Test
    void publishWhenTheHubCountsOtherFilesNeverMovesTheLink() {
        answers.put("GET /api/flist/alice/a-1.flist", text(200, "{\"content\": [], \"regular\": 0, \"symlink\": 0, "
                + "\"directory\": 0, \"special\": 0, \"failure\": 0, \"fullsize\": 0}\n"));
        expect(Kind.REFUSED, "the hub lists 0 files, 0 links, 0 special, 0 bytes, and 1 files");
        assertThat(requests).noneMatch(request -> request.getUrl().encodedPath().contains("/link/"));
    }

    @Test
    void publishWhenTheHubStoredAnotherNameIsAFailure() {
        answers.put("POST /api/flist/me/upload-flist", text(200, UPLOADED.replace("a-1.flist", "a_1.flist")));
        expect(Kind.REFUSED, "the hub stored it as 'a_1.flist'");
    }

    @Test
    void publishWhenChunksAreMissingSendsThemAndTriesOnceMore() throws Exception {
        queue("POST /api/flist/me/upload-flist", text(500, MISSING));
        try (ChunkStore source = chunks("chunks"); ChunkStore target = chunks("hub-chunks")) {
            PublishedFlist published = new HubPublisher(client(), ChunkSupply.copying(source, target),
                    HubProgress.none()).publish(work.resolve("local.flist"), "a-1.flist", "a.flist");
            assertThat(published.url()).hasToString(base() + "/alice/a-1.flist");
            assertThat(Packer.missingChunks(Flist.open(work.resolve("local.flist")), target)).isEmpty();
        }
        assertThat(uploads()).isEqualTo(2);
    }

    @Test
    void publishWhenNobodyHasTheChunksNamesTheirFiles() {
        queue("POST /api/flist/me/upload-flist", text(500, MISSING));
        try (ChunkStore empty = chunks("empty"); ChunkStore target = chunks("hub-chunks")) {
            HubPublisher publisher = new HubPublisher(client(), ChunkSupply.copying(empty, target), HubProgress.none());
            assertThatThrownBy(() -> publisher.publish(work.resolve("local.flist"), "a-1.flist", "a.flist"))
                    .isInstanceOfSatisfying(HubException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.CHUNKS_MISSING);
                        assertThat(e.why()).endsWith("Nobody has 1 chunks of /file");
                        assertThat(e.chunks()).hasSize(1);
                    });
        }
        assertThat(uploads()).isEqualTo(1);
    }

    @Test
    void publishWhenTheAnswerIsLostLooksWhatBecameOfIt() throws Exception {
        queue("POST /api/flist/me/upload-flist", broken());
        queue("GET /api/flist/me/a-1.flist/link/a.flist", broken());
        answers.put("GET /api/flist/alice/a.flist/light",
                text(200, "{\"name\": \"a.flist\", \"type\": \"symlink\", \"target\": \"a-1.flist\"}\n"));
        publish("tok.en");
        assertThat(uploads()).isEqualTo(1);
        assertThat(requests.stream().filter(it -> it.getUrl().encodedPath().contains("/link/"))).hasSize(1);
    }

    @Test
    void changeWhoseAnswerIsLostIsNeverRepeated() {
        answers.put("GET /api/flist/me/a-1.flist/link/a.flist", broken());
        answers.put("GET /api/flist/alice/a.flist/light",
                text(200, "{\"name\": \"a.flist\", \"type\": \"symlink\", \"target\": \"a-0.flist\"}\n"));
        assertThatThrownBy(() -> client().move("a-1.flist", "a.flist")).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(requests.stream().filter(it -> it.getUrl().encodedPath().contains("/link/"))).hasSize(1);
    }

    /** Also when the hub asks for it: what it did before that is not known. */
    @Test
    void changeThatTheHubWantsAgainIsNeverRepeated() {
        MockResponse again = text(503, "{\"status\": \"error\", \"message\": \"busy\"}").newBuilder()
                .setHeader("Retry-After", "0").build();
        answers.put("GET /api/flist/me/a-1.flist/link/a.flist", again);
        answers.put("POST /api/flist/me/upload-flist", again);
        assertThatThrownBy(() -> client().move("a-1.flist", "a.flist")).isInstanceOf(HubException.class);
        assertThatThrownBy(() -> client().upload(work.resolve("local.flist"), "a-1.flist", HubProgress.none()))
                .isInstanceOf(HubException.class);
        assertThat(requests).hasSize(2);
    }

    @Test
    void questionIsRepeatedWhileTheHubIsBusy() {
        answers.put("GET /api/repositories", text(200, "[{\"name\": \"alice\"}]"));
        queue("GET /api/repositories", text(503, ""));
        queue("GET /api/repositories", broken());
        assertThat(client().repositories()).containsExactly("alice");
        assertThat(requests).hasSize(3);
    }

    @Test
    void interruptedDownloadGoesOnWhereItStopped() throws Exception {
        byte[] half = Arrays.copyOf(content, content.length / 2);
        Path target = work.resolve("got.flist");
        Files.write(work.resolve("got.flist.part"), half);
        Files.writeString(work.resolve("got.flist.part.etag"), "\"v1\"");
        byte[] rest = Arrays.copyOfRange(content, half.length, content.length);
        answers.put("GET /alice/a-1.flist", bytes(rest).newBuilder().code(206).setHeader("ETag", "\"v1\"")
                .setHeader("Content-Range", "bytes " + half.length + "-" + (content.length - 1) + "/" + content.length)
                .build());
        answers.put("GET /alice/a-1.flist.md5", text(200, md5(content) + "\n"));
        client().download("alice", "a-1.flist", target, HubProgress.none());
        assertThat(target).hasBinaryContent(content);
        assertThat(requests.getFirst().getHeaders().get("Range")).isEqualTo("bytes=" + half.length + "-");
        assertThat(requests.getFirst().getHeaders().get("If-Range")).isEqualTo("\"v1\"");
        assertThat(work.resolve("got.flist.part")).doesNotExist();
    }

    @Test
    void downloadThatBreaksGoesOnByItself() throws Exception {
        Path target = work.resolve("got.flist");
        queue("GET /alice/a-1.flist", bytes(content).newBuilder().setHeader("ETag", "\"v1\"")
                .onResponseBody(new SocketEffect.CloseSocket()).build());
        byte[] half = Arrays.copyOfRange(content, content.length / 2, content.length);
        queue("GET /alice/a-1.flist", bytes(half).newBuilder().code(206).setHeader("Content-Range",
                "bytes " + content.length / 2 + "-" + (content.length - 1) + "/" + content.length).build());
        answers.put("GET /alice/a-1.flist.md5", text(200, md5(content) + "\n"));
        client().download("alice", "a-1.flist", target, HubProgress.none());
        assertThat(target).hasBinaryContent(content);
        assertThat(requests).extracting(it -> String.valueOf(it.getHeaders().get("Range"))).containsExactly("null",
                "bytes=" + content.length / 2 + "-", "null");
    }

    @Test
    void downloadOfWhatWasReplacedBeginsAgain() throws Exception {
        Path target = work.resolve("got.flist");
        Files.write(work.resolve("got.flist.part"), new byte[content.length / 2]);
        Files.writeString(work.resolve("got.flist.part.etag"), "\"v0\"");
        answers.put("GET /alice/a-1.flist", bytes(content).newBuilder().setHeader("ETag", "\"v1\"").build());
        answers.put("GET /alice/a-1.flist.md5", text(200, md5(content) + "\n"));
        client().download("alice", "a-1.flist", target, HubProgress.none());
        assertThat(target).hasBinaryContent(content);
        assertThat(requests.getFirst().getHeaders().get("If-Range")).isEqualTo("\"v0\"");
    }

    @Test
    void downloadWithAnotherDigestIsNotKept() {
        answers.put("GET /alice/a-1.flist.md5", text(200, md5(new byte[0]) + "\n"));
        Path target = work.resolve("got.flist");
        assertThatThrownBy(() -> client().download("alice", "a-1.flist", target, HubProgress.none()))
                .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.why()).startsWith("its MD5 is "));
        assertThat(target).doesNotExist();
    }

    @Test
    void readingFallsBackToAnotherHubButChangesNothingThere() throws Exception {
        try (MockWebServer away = new MockWebServer()) {
            away.start();
            away.enqueue(text(404, "<html>not found</html>"));
            HubMirrors mirrors = new HubMirrors(List.of(
                    new HubClient(HubUrl.of("http://127.0.0.1:" + away.getPort()), HubLogin.NONE), client()));
            assertThat(mirrors.read(hub -> hub.info("alice", "a-1.flist")).md5()).contains(md5(content));
            assertThat(requests).singleElement()
                    .satisfies(request -> assertThat(request.getHeaders().get("Authorization")).isNull());
            for (int i = 0; i < 3; i++) {
                away.enqueue(text(502, "<html>bad gateway</html>"));
            }
            assertThat(mirrors.read(hub -> hub.info("alice", "a-1.flist")).name()).isEqualTo("a-1.flist");
            away.enqueue(text(404, "<html>not found</html>"));
            assertThatThrownBy(() -> mirrors.read(hub -> hub.info("alice", "none.flist")))
                    .isInstanceOfSatisfying(HubException.class,
                            e -> assertThat(e.why()).endsWith("and 1 more hubs do not have it either"));
        }
    }

    @Test
    void tokenThatEndedIsSaidToHaveEnded() {
        answers.put("GET /api/flist/me", text(403, "{\"message\":\"invalid token\",\"status\":\"error\"}"));
        String claims = Base64.getUrlEncoder().encodeToString("{\"exp\": 1600000000}".getBytes(StandardCharsets.UTF_8));
        HubClient client = new HubClient(HubUrl.of(base()), Optional.of(Secret.of("e30." + claims + ".c2ln")));
        assertThatThrownBy(client::user).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.why()).endsWith("the token ended at 2020-09-13T12:26:40Z").doesNotContain(claims));
    }

    @Test
    void changeAsSomebodyWhoOneMayNotBeIsNotMade() {
        HubClient client = new HubClient(HubUrl.of(base()),
                new HubLogin(Optional.of(Secret.of("tok.en")), Optional.of("official-apps")));
        assertThatThrownBy(() -> client.delete("a-1.flist")).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.why())
                        .isEqualTo("the token may not act as official-apps: the hub takes you for alice"));
        assertThat(requests).extracting(RecordedRequest::getMethod).containsExactly("GET");
        assertThat(requests.getFirst().getHeaders().get("Cookie")).isEqualTo("active-user=official-apps");
    }

    @Test
    void hubThatMovedIsNamed() {
        answers.put("GET /api/repositories", new MockResponse.Builder().code(301)
                .setHeader("Location", "https://hub.example.org/api/repositories").build());
        assertThatThrownBy(() -> client().repositories()).isInstanceOfSatisfying(HubException.class,
                e -> assertThat(e.why()).contains("301, it sends to https://hub.example.org/api/repositories"));
    }

    @Test
    void cutArchiveIsNotSent() throws Exception {
        Path archive = Files.write(work.resolve("cut.tar.gz"), new byte[]{0x1f, (byte) 0x8b, 8, 0, 0, 0});
        assertThatThrownBy(() -> client().uploadArchive(archive, "a.flist", Map.of(), HubProgress.none()))
                .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE));
        assertThat(requests).isEmpty();
    }

    @Test
    void uploadTellsHowFarItIs() {
        List<Long> moved = new ArrayList<>();
        client().upload(work.resolve("local.flist"), "a-1.flist", (bytes, total) -> {
            assertThat(total).isEqualTo(content.length);
            moved.add(bytes);
        });
        assertThat(moved).isSorted().last().isEqualTo((long) content.length);
    }

    private long uploads() {
        return requests.stream().filter(request -> request.getMethod().equals("POST")).count();
    }

    private void queue(String request, MockResponse response) {
        first.computeIfAbsent(request, key -> new ArrayDeque<>()).add(response);
    }

    /** The request is read, and the connection closed without an answer. */
    private static MockResponse broken() {
        return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
    }

    private static String md5(byte[] bytes) {
        return HubDownloads.digest("digest", "MD5", () -> new ByteArrayInputStream(bytes));
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
        return new HubClient(HubUrl.of(base()), Optional.of(Secret.of(token))).publish(work.resolve("local.flist"),
                "a-1.flist", "a.flist");
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
