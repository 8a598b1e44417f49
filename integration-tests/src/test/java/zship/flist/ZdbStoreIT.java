package zship.flist;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkId;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.flist.unpack.UnpackedTree;
import zship.flist.unpack.Unpacker;
import zship.loopback.FreePort;
import zship.loopback.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The store client against a real server. Redis answers GET, SET and EXISTS like a 0-db, apart from the text of SET. */
class ZdbStoreIT {
    @TempDir
    private Path work;

    @Test
    void packAndUnpackThroughARealServerGivesTheSameTree() throws Exception {
        Path tree = tree(40);
        try (RedisServer server = RedisServer.start(work);
                ChunkStore store = open("zdb://127.0.0.1:" + server.port())) {
            Path flist = work.resolve("tree.flist");
            PackedFlist first = new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
            PackedFlist second = new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
            assertThat(first.sentChunks()).isEqualTo(first.chunks()).isPositive();
            assertThat(second.sentChunks()).isZero();
            assertThat(second.sha256()).isEqualTo(first.sha256());
            UnpackedTree unpacked = new Unpacker(store).unpack(Flist.open(flist), work.resolve("copy"));
            assertThat(unpacked.bytes()).isEqualTo(first.bytes());
            Process diff = new ProcessBuilder("diff", "-r", tree.toString(), work.resolve("copy").toString())
                    .inheritIO()
                    .start();
            assertThat(diff.waitFor()).isZero();
        }
    }

    @Test
    void getAllAndMissingWhenManyChunksAreAskedKeepOrderAndGaps() throws Exception {
        try (RedisServer server = RedisServer.start(work);
                ChunkStore store = open("redis://127.0.0.1:" + server.port() + "/3")) {
            Map<ChunkId, byte[]> chunks = new HashMap<>();
            for (int i = 0; i < 3000; i++) {
                chunks.put(new ChunkId(i, ~i), new byte[]{(byte) i, (byte) (i >> 8)});
            }
            store.putAll(chunks);
            store.putAll(chunks);
            assertThat(store.missing(List.of(new ChunkId(5, ~5), new ChunkId(5, 5))))
                    .containsExactly(new ChunkId(5, 5));
            assertThat(store.missing(chunks.keySet())).isEmpty();
            Map<ChunkId, byte[]> back = store.getAll(chunks.keySet());
            assertThat(back).hasSize(3000);
            chunks.forEach((id, data) -> assertThat(back.get(id)).isEqualTo(data));
            assertThat(store.get(new ChunkId(1, 1))).isEmpty();
        }
    }

    @Test
    void putWhenServerWasRestartedConnectsAgain() throws Exception {
        ChunkId id = new ChunkId(1, 2);
        try (RedisServer first = RedisServer.start(work)) {
            try (ChunkStore store = open("zdb://127.0.0.1:" + first.port())) {
                store.put(id, new byte[]{1});
                first.close();
                try (RedisServer second = RedisServer.start(first.port(), work)) {
                    store.put(id, new byte[]{2});
                    assertThat(store.get(id)).contains(new byte[]{2});
                }
            }
        }
    }

    @Test
    void packWhenConnectionsKeepBreakingSendsEveryChunk() throws Exception {
        Path tree = tree(40);
        Path flist = work.resolve("tree.flist");
        try (RedisServer server = RedisServer.start(work);
                CommandProxy proxy = new CommandProxy(server.port(), Duration.ZERO, 9);
                ChunkStore broken = open("zdb://127.0.0.1:" + proxy.port());
                ChunkStore store = open("zdb://127.0.0.1:" + server.port())) {
            PackedFlist packed = new Packer(broken, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
            assertThat(packed.sentChunks()).isEqualTo(packed.chunks());
            assertThat(proxy.connections()).isGreaterThan(packed.chunks() / 9);
            assertThat(Packer.missingChunks(Flist.open(flist), store)).isEmpty();
            UnpackedTree unpacked = new Unpacker(broken).unpack(Flist.open(flist), work.resolve("copy"));
            assertThat(unpacked.bytes()).isEqualTo(packed.bytes());
        }
    }

    @Test
    void packWhenEachCommandTakesItsTimeOpensMoreConnections() throws Exception {
        Path tree = Files.createDirectories(work.resolve("small"));
        for (int i = 0; i < 400; i++) {
            Files.writeString(tree.resolve("file-" + i), "content " + i);
        }
        try (RedisServer server = RedisServer.start(work);
                CommandProxy slow = new CommandProxy(server.port(), Duration.ofMillis(20), Integer.MAX_VALUE);
                ChunkStore store = open("zdb://127.0.0.1:" + slow.port())) {
            PackedFlist packed = new Packer(store, PackEvents.none()).pack(tree, work.resolve("small.flist"),
                    PackOptions.DEFAULT);
            assertThat(packed.sentChunks()).isEqualTo(400);
            assertThat(slow.connections()).isGreaterThan(8);
        }
    }

    @Test
    void openWhenPasswordIsRightGivesItAndWhenWrongSaysSo() throws Exception {
        try (RedisServer server = RedisServer.start(work, "--requirepass", "s3cret/pass")) {
            String address = "127.0.0.1:" + server.port();
            try (ChunkStore store = open("redis://:s3cret%2Fpass@" + address)) {
                store.put(new ChunkId(1, 1), new byte[]{1});
                assertThat(store.url()).hasToString("redis://:***@" + address);
            }
            assertThatThrownBy(() -> open("redis://:canary-wrong@" + address))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED);
                        assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary");
                        assertThat(e.why()).contains("WRONGPASS");
                    });
        }
    }

    @Test
    void putWhenServerIsReadOnlyNamesTheRefusal() throws Exception {
        try (RedisServer server = RedisServer.start(work, "--maxmemory", "1", "--maxmemory-policy", "noeviction");
                ChunkStore store = open("zdb://127.0.0.1:" + server.port())) {
            assertThatThrownBy(() -> store.put(new ChunkId(1, 1), new byte[100]))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED);
                        assertThat(e.why()).contains("maxmemory");
                        assertThat(e.what()).contains("127.0.0.1:" + server.port());
                    });
        }
    }

    @Test
    void openWhenNobodyListensNamesTheAddress() throws Exception {
        int port = FreePort.choose();
        assertThatThrownBy(() -> open("zdb://127.0.0.1:" + port)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
            assertThat(e.why()).isEqualTo("connection refused by 127.0.0.1:" + port);
            assertThat(e.hint()).contains("127.0.0.1:" + port);
        });
    }

    private static ChunkStore open(String url) {
        return ChunkStores.open(StoreUrl.of(url));
    }

    private Path tree(int files) throws Exception {
        Random random = new Random(3);
        Path tree = Files.createDirectories(work.resolve("tree/sub"));
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[random.nextInt(900_000)];
            random.nextBytes(content);
            Files.write(tree.resolve("file-" + i), content);
        }
        return tree.getParent();
    }
}
