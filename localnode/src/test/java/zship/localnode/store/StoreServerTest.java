package zship.localnode.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Secret;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.RawClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers measured on 0-db 2.0.7. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoreServerTest {
    @TempDir
    private Path directory;
    private StoreServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = StoreServer.start(directory.resolve("store"), 0, "test");
        client = new RawClient(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void setAnswersTheKeyAndNilWhenTheValueIsThere() throws IOException {
        assertThat(client.ask("SET", "k", "v")).isEqualTo("k");
        assertThat(client.ask("SET", "k", "v")).isEqualTo("$-1");
        assertThat(client.ask("SET", "k", "other")).isEqualTo("k");
        assertThat(client.ask("GET", "k")).isEqualTo("other");
        assertThat(client.ask("SET", "empty", "")).isEqualTo("empty");
        assertThat(client.ask("GET", "empty")).isEmpty();
    }

    /** More than is held at a time comes whole and in order, and the connection goes on. */
    @Test
    void manyLargeValuesComeInOneAnswer() throws IOException {
        String value = "v".repeat(7 << 20);
        client.ask("SET", "large", value);
        client.ask("SET", "small", "s");
        client.push("MGET", "large", "large", "small", "large", "large", "none", "small").push("PING");
        assertThat(client.reply()).hasSize(4 * value.length() + "[, , s, , , $-1, s]".length())
                .endsWith("v, $-1, s]").contains("v, s, v");
        assertThat(client.reply()).isEqualTo("+PONG");
    }

    @Test
    void onAnotherAddressEverybodyReadsAndThePasswordLetsWrite() throws IOException {
        client.ask("SET", "k", "v");
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (StoreServer offered = server.offer(address, Secret.of("pw"));
                RawClient far = new RawClient(offered.port())) {
            assertThat(far.ask("GET", "k")).isEqualTo("v");
            for (String[] change : new String[][]{{"SET", "k", "x"}, {"SETX", "k", "x"}, {"DEL", "k"}}) {
                assertThat(far.ask((Object[]) change)).isEqualTo("-Namespace is in read-only mode");
            }
            assertThat(far.ask("NSNEW", "n")).startsWith("-");
            assertThat(far.ask("SELECT", "default")).isEqualTo("+OK");
            assertThat(far.ask("AUTH", "wrong")).isEqualTo("-Access denied");
            assertThat(far.ask("SELECT", "default", "wrong")).isEqualTo("-Access denied");
            assertThat(far.ask("SET", "k", "x")).isEqualTo("-Namespace is in read-only mode");
            assertThat(far.ask("SELECT", "default", "pw")).isEqualTo("+OK");
            assertThat(far.ask("SET", "k", "x")).isEqualTo("k");
            assertThat(client.ask("GET", "k")).isEqualTo("x");
        }
    }

    @Test
    void keysAreBytesOfAnyKind() throws IOException {
        byte[] key = {0, '/', '.', '.', (byte) 0xff, '\n'};
        client.ask("SET", key, "odd");
        client.ask("SET", "x".repeat(255), "long");
        assertThat(client.ask("GET", key)).isEqualTo("odd");
        assertThat(client.ask("GET", "x".repeat(255))).isEqualTo("long");
        assertThat(client.ask("EXISTS", "x".repeat(254))).isEqualTo(":0");
        assertThat(client.ask("SET", "x".repeat(256), "v")).isEqualTo("-Key too large");
        assertThat(client.ask("GET", "x".repeat(256))).isEqualTo("-Invalid key");
        assertThat(client.ask("EXISTS", "x".repeat(256))).isEqualTo("-Invalid key");
    }

    @Test
    void questionsAboutAKeyAreAnswered() throws IOException {
        client.ask("SET", "k", "value");
        assertThat(client.ask("EXISTS", "k")).isEqualTo(":1");
        assertThat(client.ask("EXISTS", "none")).isEqualTo(":0");
        assertThat(client.ask("LENGTH", "k")).isEqualTo(":5");
        assertThat(client.ask("LENGTH", "none")).isEqualTo("$-1");
        assertThat(client.ask("CHECK", "k")).isEqualTo(":1");
        assertThat(client.ask("CHECK", "none")).isEqualTo("$-1");
        assertThat(client.ask("MGET", "k", "none")).isEqualTo("[value, $-1]");
        assertThat(client.ask("GET", "none")).isEqualTo("$-1");
        assertThat(client.ask("DBSIZE")).isEqualTo(":1");
        assertThat(client.ask("DEL", "k")).isEqualTo("+OK");
        assertThat(client.ask("DEL", "k")).isEqualTo("-Key not found");
    }

    @Test
    void abbreviationsGoToTheFirstCommandThatFits() throws IOException {
        assertThat(client.ask("S", "k", "v")).isEqualTo("k");
        assertThat(client.ask("G", "k")).isEqualTo("v");
        assertThat(client.ask("SETX", "x", "v")).isEqualTo("x");
        assertThat(client.ask("ping", "ignored")).isEqualTo("+PONG");
    }

    @Test
    void wrongRequestsAreNamedAndTheConnectionStays() throws IOException {
        assertThat(client.ask("SET")).isEqualTo("-Unexpected arguments");
        assertThat(client.ask("SET", "", "v")).isEqualTo("-Invalid argument, key needed");
        assertThat(client.ask("GET", "")).isEqualTo("-Invalid argument");
        assertThat(client.ask("SET", "k")).isEqualTo("-Unexpected arguments");
        for (String command : new String[]{"HELLO", "CLIENT", "COMMAND", "CONFIG", "ECHO", "QUIT", "RESET", "ROLE",
            "KEYS"}) {
            assertThat(client.ask(command, "x")).as(command).isEqualTo("-Command not supported");
        }
        assertThat(client.ask("AUTH", "pw")).isEqualTo("-Authentication disabled");
        assertThat(client.ask("AUTH", "user", "pw")).isEqualTo("-Only SECURE extra method supported");
        assertThat(client.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void namespacesKeepTheirKeysApart() throws IOException {
        assertThat(client.ask("SELECT", "mine")).isEqualTo("-Namespace not found");
        assertThat(client.ask("NSNEW", "mine")).isEqualTo("+OK");
        assertThat(client.ask("NSNEW", "mine")).isEqualTo("-This namespace is not available");
        assertThat(client.ask("NSNEW", "../up")).isEqualTo("-This name is not allowed");
        client.ask("SET", "k", "default");
        assertThat(client.ask("SELECT", "mine")).isEqualTo("+OK");
        assertThat(client.ask("GET", "k")).isEqualTo("$-1");
        assertThat(client.ask("NSLIST")).isEqualTo("[default, mine]");
        assertThat(client.ask("NSINFO", "default")).contains("entries: 1\n").contains("data_size_bytes: 7\n");
        assertThat(client.ask("NSINFO", "none")).isEqualTo("-Namespace not found");
    }

    @Test
    void valueOfEightMebibytesIsTakenAndOneByteMoreEndsTheConnection() throws IOException {
        assertThat(client.ask("SET", "big", new byte[8 << 20])).isEqualTo("big");
        assertThat(client.push("SET", "big").send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$8388609\r\n").reply())
                .isEqualTo("-Unexpected arguments");
        assertThat(client.reply()).isEqualTo("-Payload too big");
        assertThat(client.reply()).isEqualTo("closed");
    }

    @Test
    void lineInsteadOfAnArrayEndsTheConnection() throws IOException {
        assertThat(client.send("PING\r\n").reply()).isEqualTo("-Malformed request, array expected");
        assertThat(client.reply()).isEqualTo("closed");
    }

    @Test
    void impossibleNumberOfArgumentsSpoilsTheConnectionForEver() throws IOException {
        for (String request : List.of("*0\r\n", "*1025\r\n")) {
            try (RawClient other = new RawClient(server.port())) {
                assertThat(other.send(request).reply()).isEqualTo("-Missing/Too many arguments");
                assertThat(other.ask("PING")).isEqualTo("-Missing/Too many arguments");
                assertThat(other.ask("GET", "k")).isEqualTo("-Missing/Too many arguments");
            }
        }
        assertThat(client.ask("PING")).isEqualTo("+PONG");
    }

    @Test
    void clientsThatWriteAtOnceAllGetTheirOwnAnswers() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int c = 0; c < 20; c++) {
                int number = c;
                results.add(clients.submit(() -> {
                    int right = 0;
                    try (RawClient own = new RawClient(server.port())) {
                        for (int i = 0; i < 50; i++) {
                            right += own.ask("SET", "own-" + number + "-" + i, "v" + number)
                                    .equals("own-" + number + "-" + i) ? 1 : 0;
                            own.ask("SET", "shared-" + i, "same");
                            right += own.ask("GET", "own-" + number + "-" + i).equals("v" + number) ? 1 : 0;
                            right += own.ask("GET", "shared-" + i).equals("same") ? 1 : 0;
                        }
                    }
                    return right;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isEqualTo(150);
            }
        }
        assertThat(client.ask("DBSIZE")).isEqualTo(":1050");
    }

    @Test
    void pipelineOfThousandsKeepsItsOrder() throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < 3000; i++) {
                    client.push("GET", "key" + i).push("PING");
                }
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        });
        for (int i = 0; i < 3000; i++) {
            assertThat(client.reply()).isEqualTo("$-1");
            assertThat(client.reply()).isEqualTo("+PONG");
        }
    }

    @Test
    void interruptedWriteIsRemovedAtTheNextStart() throws IOException {
        client.ask("SET", "k", "v");
        server.close();
        Path folder = directory.resolve("store/default/6b");
        Files.writeString(folder.resolve(".new-1-1"), "half");
        server = StoreServer.start(directory.resolve("store"), 0, "test");
        assertThat(folder.resolve(".new-1-1")).doesNotExist();
        try (RawClient other = new RawClient(server.port())) {
            assertThat(other.ask("GET", "k")).isEqualTo("v");
        }
    }

    @Test
    void storeFolderThatCannotBeWrittenIsAnErrorNotACrash() throws IOException {
        Path blocked = directory.resolve("store/default/6b");
        Files.writeString(blocked, "a file where a folder should be");
        assertThat(client.ask("SET", "k", "v")).startsWith("-Cannot access the store directory");
        assertThat(client.ask("SET", "a", "v")).isEqualTo("a");
    }

    @Test
    void projectsOwnClientStoresAndFinds() {
        ChunkId id = ChunkId.of("00112233445566778899aabbccddeeff");
        ChunkId other = ChunkId.of("ffeeddccbbaa99887766554433221100");
        try (ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + server.port()))) {
            store.put(id, new byte[]{1, 2, 3});
            assertThat(store.get(id)).hasValue(new byte[]{1, 2, 3});
            assertThat(store.missing(List.of(id, other))).containsExactly(other);
        }
    }
}
