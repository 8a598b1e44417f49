package zship.localnode.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

/** A hub on a folder and a store of its own, and an flist whose chunks the store has. */
abstract class HubTestCase {
    /** An answer: status and body. */
    record Answer(int status, String body) {
    }

    final OkHttpClient http = new OkHttpClient();
    @TempDir
    Path directory;
    HubServer hub;
    Path flist;

    @BeforeEach
    void start() throws IOException {
        Path chunks = Files.createDirectories(directory.resolve("chunks"));
        StoreUrl url = StoreUrl.of("dir://" + chunks);
        hub = HubServer.start(directory.resolve("hub"), 0, () -> ChunkStores.open(url));
        Path tree = Files.createDirectories(directory.resolve("tree"));
        Files.writeString(tree.resolve("file"), "content of the file");
        flist = directory.resolve("app.flist");
        try (ChunkStore store = ChunkStores.open(url)) {
            new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        }
    }

    @AfterEach
    void stop() {
        hub.close();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    static HubRules limited(long flist, long archive, long content) {
        return HubRules.DEFAULT.withLimits(HubLimits.DEFAULT.withSizes(flist, archive, content));
    }

    ChunkStore store() {
        return ChunkStores.open(StoreUrl.of("dir://" + directory.resolve("chunks")));
    }

    void serve(HubRules rules, HubStore store) throws IOException {
        hub.close();
        hub = HubServer.start(directory.resolve("hub"), new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                store, rules, HubAccess.local("local"));
    }

    List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("hub"))) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    byte[] bytes(String path) throws IOException {
        try (Response response = http.newCall(get(path)).execute()) {
            return response.body().bytes();
        }
    }

    Answer archive(String name, byte[] content) throws IOException {
        RequestBody part = RequestBody.create(content, MediaType.get("application/octet-stream"));
        Request request = post(new MultipartBody.Builder().setType(MultipartBody.FORM)
                .addFormDataPart("file", name, part).build());
        return call(request.newBuilder().url(request.url().newBuilder().encodedPath("/api/flist/me/upload").build())
                .build());
    }

    Answer upload(String name, byte[] content) throws IOException {
        RequestBody part = RequestBody.create(content, MediaType.get("application/octet-stream"));
        return call(post(new MultipartBody.Builder().setType(MultipartBody.FORM).addFormDataPart("other", "x")
                .addFormDataPart("file", name, part).build()));
    }

    Request post(RequestBody body) {
        return new Request.Builder().url("http://127.0.0.1:" + hub.port() + "/api/flist/me/upload-flist").post(body)
                .build();
    }

    Request change(String path) {
        return get(path).newBuilder().post(RequestBody.create(new byte[0])).build();
    }

    Request get(String path) {
        return new Request.Builder().url("http://127.0.0.1:" + hub.port() + path).build();
    }

    Answer call(Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            return new Answer(response.code(), response.body().string());
        }
    }
}
