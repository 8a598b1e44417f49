package zship.localnode.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Flist;
import zship.flist.Secret;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.flist.tar.UstarWriter;
import zship.localnode.RawClient;
import zship.localnode.store.ChunkFiles;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HubServerTest extends HubTestCase {
    @Test
    void uploadedFlistIsServedByteForByte() throws IOException {
        Answer answer = upload("app-1.flist", Files.readAllBytes(flist));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"status\":\"success\"", "\"name\":\"app-1.flist\"", "\"regular\":1");
        try (Response response = http.newCall(get("/local/app-1.flist")).execute()) {
            assertThat(response.body().bytes()).isEqualTo(Files.readAllBytes(flist));
            assertThat(response.header("ETag")).isNotBlank();
            Request again = get("/local/app-1.flist").newBuilder().header("If-None-Match", response.header("ETag"))
                    .build();
            assertThat(call(again).status()).isEqualTo(304);
        }
        String md5 = call(get("/local/app-1.flist.md5")).body().strip();
        String sha256 = call(get("/local/app-1.flist.sha256")).body().strip();
        assertThat(sha256).matches("[0-9a-f]{64}");
        assertThat(call(get("/api/flist/local/app-1/light")).body()).contains("\"sha256\":\"" + sha256 + "\"");
        assertThat(call(get("/api/flist/local/app-1/light")).body()).contains(md5, "\"type\":\"regular\"",
                "\"size\":" + Files.size(flist));
    }

    @Test
    void onAnotherAddressEverybodyReadsAndThePasswordLetsWrite() throws IOException {
        upload("app-1.flist", Files.readAllBytes(flist));
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (HubServer offered = hub.offer(address, HubAccess.password("local", Secret.of("pw")))) {
            String base = "http://127.0.0.1:" + offered.port();
            Request read = new Request.Builder().url(base + "/local/app-1.flist").build();
            Request remove = new Request.Builder().url(base + "/api/flist/me/app-1.flist").delete().build();
            assertThat(call(read).status()).isEqualTo(200);
            assertThat(call(remove).status()).isEqualTo(401);
            assertThat(call(remove.newBuilder().header("Authorization", "Bearer wrong").build()).status())
                    .isEqualTo(401);
            assertThat(call(remove.newBuilder().header("Authorization", "Bearer pw").build()).status()).isEqualTo(200);
            assertThat(call(read).status()).isEqualTo(404);
        }
    }

    @Test
    void linkIsMovedAndFollowed() throws IOException {
        upload("app-1.flist", Files.readAllBytes(flist));
        upload("app-2.flist", Files.readAllBytes(flist));
        assertThat(call(change("/api/flist/me/app-1/link/app")).body()).contains("success");
        assertThat(call(change("/api/flist/me/app-2.flist/link/app.flist")).body()).contains("success");
        assertThat(call(get("/api/flist/local/app/light")).body()).contains("\"type\":\"symlink\"",
                "\"target\":\"app-2.flist\"");
        assertThat(call(get("/local/app.flist")).status()).isEqualTo(200);
        assertThat(call(change("/api/flist/me/app-1/link/app-2")).status()).isEqualTo(409);
        assertThat(call(change("/api/flist/me/none/link/app")).status()).isEqualTo(404);
        assertThat(call(get("/api/flist/local")).body()).contains("app-1.flist", "app-2.flist", "\"symlink\"");
    }

    @Test
    void flistWhoseChunksAreMissingIsRefusedWithTheirIds() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("chunks"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        Answer answer = upload("app.flist", Files.readAllBytes(flist));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("unauthorized upload, contents is not fully present on backend")
                .containsPattern("\"missing\":\\[\"[0-9a-f]{32}\"");
        assertThat(call(get("/local/app.flist")).status()).isEqualTo(404);
    }

    @Test
    void somethingElseThanAnFlistIsRefusedAndTheOldOneStays() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        assertThat(upload("app.flist", "garbage".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(422);
        assertThat(call(get("/local/app.flist")).status()).isEqualTo(200);
        try (Stream<Path> left = Files.list(directory.resolve("hub/local"))) {
            assertThat(left.map(file -> file.getFileName().toString())).containsExactly("app.flist");
        }
    }

    @Test
    void damagedFlistIsNamedAsTheUserNamedIt() throws IOException {
        Answer answer = upload("app.flist", "garbage".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.body()).contains("app.flist cannot be read as an flist")
                .doesNotContain(directory.toString(), ".new-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-9", "bytes=5-", "bytes=-7", "bytes=9-999999"})
    void partOfAFlistIsServed(String range) throws IOException {
        byte[] all = Files.readAllBytes(flist);
        upload("app.flist", all);
        try (Response response = http.newCall(get("/local/app.flist").newBuilder().header("Range", range).build())
                .execute()) {
            assertThat(response.code()).isEqualTo(206);
            String[] part = String.valueOf(response.header("Content-Range")).substring(6).split("[-/]");
            byte[] expected = Arrays.copyOfRange(all, Integer.parseInt(part[0]), Integer.parseInt(part[1]) + 1);
            assertThat(response.body().bytes()).isEqualTo(expected);
        }
    }

    @Test
    void partOfAnotherVersionOrBehindTheEndIsNotServed() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        Request.Builder request = get("/local/app.flist").newBuilder();
        assertThat(call(request.header("Range", "bytes=99999999-").build()).status()).isEqualTo(416);
        assertThat(call(request.header("Range", "bytes=2-1").build()).status()).isEqualTo(416);
        assertThat(call(request.header("Range", "bytes=0-9").header("If-Range", "\"other\"").build()).status())
                .isEqualTo(200);
    }

    @Test
    void renameMovesAndNeverReplaces() throws IOException {
        upload("app-1.flist", Files.readAllBytes(flist));
        upload("app-2.flist", Files.readAllBytes(flist));
        assertThat(call(change("/api/flist/me/app-1/rename/app-2")).status()).isEqualTo(409);
        assertThat(call(change("/api/flist/me/none/rename/app-3")).status()).isEqualTo(404);
        assertThat(call(change("/api/flist/me/app-1/rename/..%2fx")).status()).isEqualTo(400);
        assertThat(call(change("/api/flist/me/app-1/rename/app-3")).status()).isEqualTo(200);
        assertThat(call(get("/local/app-1.flist")).status()).isEqualTo(404);
        assertThat(call(get("/local/app-3.flist")).status()).isEqualTo(200);
    }

    @Test
    void contentsAndRepositoriesAreListed() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        assertThat(call(get("/api/repositories")).body()).contains("\"name\":\"local\"");
        assertThat(call(get("/api/flist/local/app")).body()).contains("\"regular\":1", "\"fullsize\":19",
                "{\"path\":\"/file\",\"size\":19}");
        assertThat(call(get("/api/flist/local/app/metadata")).body()).isEqualTo("{}\n");
        assertThat(call(get("/api/flist/local/none")).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..flist", ".hidden.flist", "a b.flist", "ä.flist", "a;b.flist"})
    void nameThatIsNotAllowedIsRefused(String name) throws IOException {
        assertThat(upload(name, Files.readAllBytes(flist)).status()).isEqualTo(400);
    }

    @Test
    void pathInAnUploadNameIsDropped() throws IOException {
        assertThat(upload("../../evil.flist", Files.readAllBytes(flist)).body()).contains("\"name\":\"evil.flist\"");
        assertThat(directory.resolve("hub/local/evil.flist")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%2e%2e/x.flist", "/../x.flist", "/local/..%2f..%2fx.flist", "/local/none.flist",
        "/nobody/x.flist",
        "/", "/local", "/api/flist/%2e%2e", "/api/flist/nobody", "/api/flist/local/none/light"})
    void pathThatLeadsNowhereIsNotFound(String path) throws IOException {
        try (RawClient raw = new RawClient(hub.port())) {
            raw.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            assertThat(raw.reply()).containsAnyOf("404", "400");
        }
    }

    @Test
    void aGetChangesNothing() throws IOException {
        upload("app-1.flist", Files.readAllBytes(flist));
        for (String path : List.of("app-1/link/app", "app-1/rename/app", "app/crosslink/local/app-1",
                "promote/local/app-1/app", "v1/app/tag/local/app-1", "app/crosstag/local/v1")) {
            try (Response response = http.newCall(get("/api/flist/me/" + path)).execute()) {
                assertThat(response.code()).as(path).isEqualTo(405);
                assertThat(response.header("Allow")).isEqualTo("POST");
            }
        }
        assertThat(call(get("/api/flist")).body()).isEqualTo("[\"local/app-1.flist\"]\n");
    }

    @Test
    void tokenNamesTheUserUntilItEnds() throws IOException {
        HubTokens tokens = new HubTokens(directory.resolve("tokens"), Clock.systemUTC());
        String token = tokens.issue(List.of("alice", "team"), Duration.ofHours(1)).expose();
        String ended = tokens.issue(List.of("bob"), Duration.ofSeconds(-1)).expose();
        StoreUrl url = StoreUrl.of("dir://" + directory.resolve("chunks"));
        hub.close();
        hub = HubServer.start(directory.resolve("hub"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), HubStore.of(() -> ChunkStores.open(url)),
                HubRules.DEFAULT, tokens);
        Request me = get("/api/flist/me");
        assertThat(call(me).status()).isEqualTo(401);
        assertThat(call(me.newBuilder().header("Authorization", "Bearer " + ended).build()).body())
                .contains("the token has expired");
        Request alice = me.newBuilder().header("Authorization", "bearer " + token).build();
        assertThat(call(alice).body()).contains("\"username\":\"alice\"");
        assertThat(call(alice.newBuilder().header("Cookie", "a=b; active-user=team").build()).body())
                .contains("\"username\":\"team\"");
        assertThat(call(alice.newBuilder().header("Cookie", "active-user=bob").build()).status()).isEqualTo(403);
        assertThat(Files.readString(directory.resolve("tokens"))).doesNotContain(token, token.substring(6));
        assertThat(upload("app.flist", Files.readAllBytes(flist)).status()).isEqualTo(401);
    }

    @Test
    void uploadsOfOneNameNeverMix() throws Exception {
        byte[] first = Files.readAllBytes(flist);
        Flist.open(flist).withMetadata("other", "x".repeat(50_000)).write(flist);
        byte[] second = Files.readAllBytes(flist);
        upload("app.flist", first);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> uploads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                byte[] content = i % 2 == 0 ? first : second;
                uploads.add(threads.submit(() -> upload("app.flist", content).status()));
            }
            for (int i = 0; i < 100; i++) {
                try (Response response = http.newCall(get("/local/app.flist")).execute()) {
                    byte[] served = response.body().bytes();
                    assertThat(Arrays.equals(served, first) || Arrays.equals(served, second)).isTrue();
                    assertThat(response.header("ETag")).isEqualTo("\"" + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(served)) + "\"");
                }
            }
            for (Future<Integer> upload : uploads) {
                assertThat(upload.get()).isEqualTo(200);
            }
        }
        assertThat(directory.resolve("hub/local").toFile().list()).containsExactly("app.flist");
    }

    @Test
    void aHundredDownloadsAtOnceAreWhole() throws Exception {
        Flist.open(flist).withMetadata("large", "x".repeat(1 << 20)).write(flist);
        byte[] content = Files.readAllBytes(flist);
        upload("app.flist", content);
        OkHttpClient many = new OkHttpClient();
        CountDownLatch begun = new CountDownLatch(100);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> downloads = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                downloads.add(threads.submit(() -> {
                    try (Response response = many.newCall(get("/local/app.flist")).execute()) {
                        begun.countDown();
                        begun.await();
                        return response.body().bytes();
                    }
                }));
            }
            for (Future<byte[]> download : downloads) {
                assertThat(download.get()).isEqualTo(content);
            }
        }
        many.connectionPool().evictAll();
    }

    @Test
    void archiveBecomesAnFlistOrFailsWhole() throws IOException {
        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(sound)) {
            UstarWriter tar = new UstarWriter(out);
            tar.file("one", "abc".getBytes(StandardCharsets.UTF_8), 0);
            tar.file("two", "def".getBytes(StandardCharsets.UTF_8), 0);
            tar.finish();
        }
        byte[] whole = sound.toByteArray();
        assertThat(archive("app.tar.gz", whole).body()).contains("\"regular\":2", "\"fullsize\":6");
        byte[] served = bytes("/local/app.flist");
        assertThat(archive("app.tar.gz", Arrays.copyOf(whole, whole.length / 2)).status()).isEqualTo(422);
        assertThat(bytes("/local/app.flist")).isEqualTo(served);
    }

    @Test
    void chunksThatNothingNeedsAreRemovedAndOnlyThose() throws IOException {
        upload("app.flist", Files.readAllBytes(flist));
        ChunkId needed = Flist.open(flist).chunkIds().iterator().next();
        byte[] other = "another chunk".getBytes(StandardCharsets.UTF_8);
        ChunkId unneeded = ChunkCodec.idOf(other);
        byte[] kept = "a kept chunk".getBytes(StandardCharsets.UTF_8);
        try (ChunkStore store = store()) {
            store.put(unneeded, other);
            store.put(ChunkCodec.idOf(kept), kept);
        }
        serve(HubRules.DEFAULT, collectable());
        String keep = ChunkCodec.idOf(kept) + "\n";
        assertThat(collect("older-than=3600", keep).body()).contains("\"young\":1", "\"unneeded\":0");
        assertThat(collect("older-than=0&dry-run=1", keep).body()).contains("\"removed\":false", "\"flists\":1",
                "\"needed\":2", "\"unneeded\":1", "\"ids\":[\"" + unneeded + "\"]", "\"bytes\":13");
        try (ChunkStore store = store()) {
            assertThat(store.get(unneeded)).isPresent();
            assertThat(collect("older-than=0", keep).body()).contains("\"removed\":true", "\"unneeded\":1");
            assertThat(store.missing(List.of(needed, ChunkCodec.idOf(kept)))).isEmpty();
            assertThat(store.get(unneeded)).isEmpty();
        }
        assertThat(upload("again.flist", Files.readAllBytes(flist)).status()).isEqualTo(200);
    }

    @Test
    void noChunkIsRemovedWhileAnFlistCannotBeRead() throws IOException {
        Files.createDirectories(directory.resolve("hub/bob"));
        Files.writeString(directory.resolve("hub/bob/broken.flist"), "damaged");
        serve(HubRules.DEFAULT, collectable());
        Answer answer = collect("older-than=0", "");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("nothing was removed", "broken.flist");
        assertThat(upload("app.flist", Files.readAllBytes(flist)).status()).isEqualTo(200);
    }

    @Test
    void onlyOwnProgramsCollectChunks() throws IOException {
        serve(HubRules.DEFAULT, collectable());
        Request foreign = collection("older-than=0", "").newBuilder().header("Origin", "http://evil.example").build();
        assertThat(call(foreign).status()).isEqualTo(403);
        assertThat(call(get("/api/chunks/collect?older-than=0")).status()).isEqualTo(405);
        assertThat(collect("", "").status()).isEqualTo(400);
        assertThat(collect("older-than=0", "no id\n").status()).isEqualTo(400);
        assertThat(upload("app.flist", Files.readAllBytes(flist)).status()).isEqualTo(200);
    }

    @Test
    void whereOthersAreServedNobodyCollectsChunks() throws IOException {
        serve(HubRules.DEFAULT, collectable());
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (HubServer offered = hub.offer(address, HubAccess.password("local", Secret.of("pw")))) {
            Request request = collection("older-than=0", "");
            assertThat(call(request).status()).isEqualTo(200);
            assertThat(call(request.newBuilder().url(request.url().newBuilder().port(offered.port()).build())
                    .header("Authorization", "Bearer pw").build()).status()).isEqualTo(405);
        }
    }

    /** What a container writes into its files cannot stop the collection, and its root's flist counts. */
    @Test
    void ofRootsOfContainersOnlyTheirFlistsCount() throws IOException {
        Path root = Files.createDirectories(directory.resolve("roots/" + "a".repeat(64)));
        Files.copy(flist, root.resolve("root.flist"));
        Files.createDirectories(root.resolve("tree"));
        Files.writeString(root.resolve("tree/broken.flist"), "damaged");
        Path other = Files.createDirectories(directory.resolve("roots/" + "b".repeat(64)));
        Files.createSymbolicLink(other.resolve("root.flist"), root.resolve("tree/broken.flist"));
        serve(HubRules.DEFAULT, new HubStore(this::store,
                Optional.of(ChunkFiles.ofDirectoryStore(directory.resolve("chunks"))),
                List.of(directory.resolve("roots"), directory.resolve("none"))));
        assertThat(collect("older-than=0", "").body()).contains("\"flists\":1", "\"needed\":1", "\"unneeded\":0");
    }

    /** Whatever the order of publishing and collecting, what is on the hub has all its chunks. */
    @Test
    void whatIsPublishedWhileChunksAreCollectedIsWhole() throws Exception {
        serve(HubRules.DEFAULT, collectable());
        List<Path> flists = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Path tree = Files.createDirectories(directory.resolve("tree-" + i));
            Files.writeString(tree.resolve("file"), "content " + i);
            flists.add(directory.resolve("app-" + i + ".flist"));
            try (ChunkStore store = store()) {
                new Packer(store, PackEvents.none()).pack(tree, flists.getLast(), PackOptions.DEFAULT);
            }
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> uploads = new ArrayList<>();
            for (Path file : flists) {
                uploads.add(
                        threads.submit(() -> upload(file.getFileName().toString(), Files.readAllBytes(file)).status()));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(collect("older-than=0", "").status()).isEqualTo(200);
            }
            for (Future<Integer> upload : uploads) {
                assertThat(upload.get()).isIn(200, 422);
            }
        }
        try (ChunkStore store = store()) {
            for (Path file : flists) {
                if (call(get("/local/" + file.getFileName())).status() == 200) {
                    assertThat(Packer.missingChunks(Flist.open(file), store)).isEmpty();
                } else {
                    new Packer(store, PackEvents.none()).pack(directory.resolve("tree-" + flists.indexOf(file)), file,
                            PackOptions.DEFAULT);
                    assertThat(upload(file.getFileName().toString(), Files.readAllBytes(file)).status()).isEqualTo(200);
                }
            }
        }
    }

    private HubStore collectable() {
        return new HubStore(this::store, Optional.of(ChunkFiles.ofDirectoryStore(directory.resolve("chunks"))),
                List.of());
    }

    private Answer collect(String query, String kept) throws IOException {
        return call(collection(query, kept));
    }

    private Request collection(String query, String kept) {
        return get("/api/chunks/collect?" + query).newBuilder()
                .post(RequestBody.create(kept, MediaType.get("text/plain"))).build();
    }

    @Test
    void userIsTold() throws IOException {
        assertThat(call(get("/api/flist/me")).body()).contains("\"status\":\"success\"", "\"username\":\"local\"");
    }

}
