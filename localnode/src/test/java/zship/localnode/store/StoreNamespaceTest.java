package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Secret;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.localnode.RawClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Namespaces, passwords, limits and scanning, with the answers of a 0-db 2.0.7. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoreNamespaceTest {
    @TempDir
    private Path directory;
    private final List<AutoCloseable> open = new ArrayList<>();
    private StoreServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        serve(StoreAccess.OPEN);
    }

    private void serve(StoreAccess access) throws IOException {
        server = StoreServer.start(directory.resolve("store"), 0, "test", access);
        open.add(server);
        client = connect();
    }

    private RawClient connect() throws IOException {
        RawClient fresh = new RawClient(server.port());
        open.add(fresh);
        return fresh;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private void answers(String answer, Object... request) throws IOException {
        assertThat(client.ask(request)).as(List.of(request).toString()).isEqualTo(answer);
    }

    @Test
    void passwordMakesAPublicNamespaceReadOnlyAndAPrivateOneClosed() throws IOException {
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "SELECT", "mine");
        answers("k", "SET", "k", "v");
        answers("+OK", "NSSET", "mine", "password", "secret");
        RawClient other = connect();
        assertThat(other.ask("SELECT", "mine")).isEqualTo("+OK");
        assertThat(other.ask("GET", "k")).isEqualTo("v");
        assertThat(other.ask("SET", "k", "w")).isEqualTo("-Namespace is in read-only mode");
        assertThat(other.ask("DEL", "k")).isEqualTo("-Namespace is in read-only mode");
        assertThat(other.ask("SELECT", "mine", "wrong")).isEqualTo("-Access denied");
        assertThat(other.ask("SELECT", "mine", "secret")).isEqualTo("+OK");
        assertThat(other.ask("SET", "k", "w")).isEqualTo("k");
        answers("+OK", "NSSET", "mine", "public", "0");
        answers("-Namespace protected and private", "SELECT", "mine");
        assertThat(client.ask("NSINFO", "mine")).contains("public: no\n", "password: yes\n", "worm: no\n")
                .doesNotContain("secret");
        answers("+OK", "NSSET", "mine", "password", "*");
        answers("+OK", "SELECT", "mine");
        answers("k", "SET", "k", "x");
    }

    @Test
    void passwordCanBeProvedWithAChallenge() throws Exception {
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "NSSET", "mine", "password", "secret");
        answers("-No CHALLENGE requested, secure authentication not available", "SELECT", "mine", "SECURE", "x");
        String nonce = client.ask("AUTH", "SECURE", "CHALLENGE").substring(1);
        assertThat(nonce).matches("[0-9a-f]{16,}");
        answers("-Access denied", "SELECT", "mine", "SECURE", sha1(nonce + ":wrong"));
        String second = client.ask("AUTH", "SECURE", "CHALLENGE").substring(1);
        assertThat(second).isNotEqualTo(nonce);
        answers("+OK", "SELECT", "mine", "SECURE", sha1(second + ":secret"));
        answers("k", "SET", "k", "v");
        answers("-Authentication disabled", "AUTH", "SECURE", sha1(second + ":secret"));
    }

    @Test
    void protectedServerNeedsAuthToManageAndThePasswordToWrite() throws Exception {
        stop();
        open.clear();
        serve(new StoreAccess(Optional.of(Secret.of("root-pw")), true));
        answers("-Permission denied", "NSNEW", "mine");
        answers("-Permission denied", "NSDEL", "mine");
        answers("-Permission denied", "NSSET", "mine", "worm", "1");
        answers("-Permission denied", "SET", "k", "v", "1500000000");
        answers("-Namespace is in read-only mode", "SET", "k", "v");
        answers("$-1", "GET", "k");
        answers("-Access denied", "AUTH", "wrong");
        answers("+OK", "AUTH", "root-pw");
        answers("-Namespace is in read-only mode", "SET", "k", "v");
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "SELECT", "default", "root-pw");
        answers("k", "SET", "k", "v", "1500000000");
        answers(":1500000000", "KEYTIME", "k");
        client = connect();
        String nonce = client.ask("AUTH", "SECURE", "CHALLENGE").substring(1);
        answers("+OK", "AUTH", "SECURE", sha1(nonce + ":root-pw"));
        answers("+OK", "NSDEL", "mine");
        try (ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://:root-pw@127.0.0.1:" + server.port()))) {
            store.put(new ChunkId(1, 2), new byte[]{3});
        }
        try (ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + server.port()))) {
            assertThat(store.get(new ChunkId(1, 2))).contains(new byte[]{3});
            assertThatThrownBy(() -> store.put(new ChunkId(1, 2), new byte[]{4})).isInstanceOf(StoreException.class)
                    .hasMessageContaining("read-only mode");
        }
    }

    @Test
    void wormLockFreezeAndLimitStopWhatTheyAreFor() throws IOException {
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "SELECT", "mine");
        answers("k", "SET", "k", "12345");
        answers("+OK", "NSSET", "mine", "worm", "1");
        answers("-Namespace is protected by worm mode", "SET", "k", "12345");
        answers("-Cannot delete a key when namespace is in worm mode", "DEL", "k");
        answers("other", "SET", "other", "12345");
        answers("+OK", "NSSET", "mine", "worm", "0");
        answers("+OK", "NSSET", "mine", "lock", "1");
        answers("-Namespace is temporarily locked (read-only)", "SET", "new", "v");
        answers("12345", "GET", "k");
        answers("+OK", "NSSET", "mine", "lock", "0");
        answers("+OK", "NSSET", "mine", "freeze", "1");
        for (Object[] request : new Object[][]{{"GET", "k"}, {"EXISTS", "k"}, {"SET", "k", "v"}, {"DEL", "k"}}) {
            answers("-Namespace is temporarily frozen (read-write disabled)", request);
        }
        answers("+OK", "NSSET", "mine", "freeze", "0");
        answers("+OK", "NSSET", "mine", "maxsize", "12");
        answers("-No space left on this namespace", "SET", "third", "123");
        answers("k", "SET", "k", "1");
        answers("third", "SET", "third", "123");
        assertThat(client.ask("NSINFO", "mine")).contains("entries: 3\n", "data_size_bytes: 9\n",
                "data_limits_bytes: 12\n");
    }

    @Test
    void wrongRequestsAboutNamespacesAreNamed() throws IOException {
        answers("-Cannot update default namespace", "NSSET", "default", "worm", "1");
        answers("-Namespace not found", "NSSET", "none", "worm", "1");
        answers("+OK", "NSNEW", "mine");
        answers("-Invalid property", "NSSET", "mine", "colour", "1");
        answers("-Invalid value", "NSSET", "mine", "password", "x".repeat(64));
        answers("-Unexpected arguments", "NSSET", "mine", "worm");
        answers("-Unexpected arguments", "NSINFO");
        answers("-Invalid argument", "NSNEW", "");
        answers("-Invalid argument", "SELECT");
        answers("-Namespace too long", "NSNEW", "x".repeat(129));
        answers("-Cannot remove default namespace", "NSDEL", "default");
        answers("-This namespace doesn't exists", "NSDEL", "none");
        answers("+OK", "SELECT", "mine");
        answers("-Cannot remove namespace you're currently using.", "NSDEL", "mine");
        answers("+OK", "NSSET", "mine", "mode", "user");
        answers("k", "SET", "k", "v");
        answers("-Cannot change mode of used namespace", "NSSET", "mine", "mode", "seq");
        answers("-Namespace not found", "SELECT", "0");
    }

    @Test
    void clientsInARemovedNamespaceGetOneErrorAndAreCut() throws IOException {
        answers("+OK", "NSNEW", "mine");
        RawClient inside = connect();
        assertThat(inside.ask("SELECT", "mine")).isEqualTo("+OK");
        assertThat(inside.ask("SET", "k", "v")).isEqualTo("k");
        answers("+OK", "NSDEL", "mine");
        assertThat(inside.ask("PING"))
                .isEqualTo("-Your active namespace is not available anymore (probably removed).");
        assertThat(inside.reply()).isEqualTo("closed");
        answers("[default]", "NSLIST");
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "SELECT", "mine");
        answers("$-1", "GET", "k");
    }

    @Test
    void settingsAndRemovalSurviveARestartAndPasswordsAreForTheOwner() throws Exception {
        answers("+OK", "NSNEW", "mine");
        answers("+OK", "NSNEW", "gone");
        answers("+OK", "NSSET", "mine", "password", "secret pw");
        answers("+OK", "NSSET", "mine", "public", "0");
        answers("+OK", "NSDEL", "gone");
        Path folder = directory.resolve("store");
        Files.createDirectories(folder.resolve(".removed-1/ab"));
        Files.writeString(folder.resolve(".removed-1/ab/kab"), "x");
        stop();
        open.clear();
        serve(StoreAccess.OPEN);
        assertThat(folder.resolve(".removed-1")).doesNotExist();
        answers("[default, mine]", "NSLIST");
        answers("-Namespace protected and private", "SELECT", "mine");
        answers("+OK", "SELECT", "mine", "secret pw");
        assertThat(Files.getPosixFilePermissions(folder.resolve("mine/.settings")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        answers(":0", "DBSIZE");
    }

    @Test
    void scanTellsEveryKeyOnceAndThenThatThereIsNoMore() throws IOException {
        answers("-No more data", "SCAN");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 1300; i++) {
            keys.add((i % 100 == 0 ? "long".repeat(60) : "key") + i);
            client.push("SET", keys.getLast(), "v".repeat(i % 7));
        }
        for (String key : keys) {
            assertThat(client.reply()).isEqualTo(key);
        }
        List<String> seen = new ArrayList<>();
        String answer = client.ask("SCAN");
        int calls = 0;
        while (!answer.equals("-No more data")) {
            String cursor = answer.substring(1, answer.indexOf(','));
            Stream.of(answer.substring(answer.indexOf("[[") + 2).split("], \\[")).map(it -> it.split(", ")[0])
                    .forEach(seen::add);
            answer = client.ask(calls % 2 == 0 ? "SCAN" : "SCANX", cursor);
            calls++;
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(calls).isGreaterThan(1);
        answers("-Invalid key format", "SCAN", "");
        answers(":1300", "DBSIZE");
    }

    private static String sha1(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
