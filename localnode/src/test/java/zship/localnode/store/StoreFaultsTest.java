package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.inspect.Verification;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.flist.unpack.Unpacker;
import zship.localnode.RawClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Whatever happens to a store or the line to it: nothing is called stored that is not, and the message says how to go on. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreFaultsTest {
    private static final int FILES = 40;
    private static final int BYTES = 60_000;

    @TempDir
    private Path work;
    private Path tree;
    private Path flist;
    private StoreServer server;
    private FaultyLine line;

    @BeforeEach
    void start() throws IOException {
        tree = Files.createDirectories(work.resolve("tree"));
        flist = work.resolve("tree.flist");
        Random random = new Random(5);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[BYTES];
            random.nextBytes(content);
            Files.write(tree.resolve("file" + i), content);
        }
        server = StoreServer.start(work.resolve("store"), 0, "test");
        line = new FaultyLine(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        line.close();
        server.close();
    }

    private ChunkStore open(String scheme) {
        return ChunkStores.open(StoreUrl.of(scheme + "://127.0.0.1:" + line.port()));
    }

    private PackedFlist pack(ChunkStore store) {
        return new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
    }

    private void assertWhole() {
        try (ChunkStore direct = ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + server.port()))) {
            Verification found = Verification.ofContent(Flist.open(flist), direct);
            assertThat(found.chunks()).isEqualTo(FILES);
            assertThat(found.isSound()).isTrue();
        }
    }

    @Test
    void lineThatBreaksTwiceIsMadeAnewAndEverythingArrives() {
        try (ChunkStore store = open("zdb")) {
            line.breakAfter(300_000, 2);
            assertThat(pack(store).chunks()).isEqualTo(FILES);
        }
        assertWhole();
    }

    @Test
    void lineThatStaysBrokenIsAnErrorThatSaysHowToResumeAndResumingSendsTheRest() {
        try (ChunkStore store = open("zdb")) {
            line.breakAfter(1_000_000, Integer.MAX_VALUE);
            StoreException broken = catchThrowableOfType(StoreException.class, () -> pack(store));
            assertThat(broken.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
            assertThat(broken.what()).contains("zdb://127.0.0.1:" + line.port())
                    .containsPattern("\\d+ chunks were sent before");
            assertThat(broken.hint()).contains("run the same command again");
            assertThat(flist).doesNotExist();
            line.breakAfter(Long.MAX_VALUE, 0);
            PackedFlist resumed = pack(store);
            assertThat(resumed.sentChunks() + resumed.reusedChunks()).isEqualTo(FILES);
        }
        assertWhole();
    }

    @Test
    void serverThatIsStartedAgainIsUsedAgain() throws IOException {
        try (ChunkStore store = open("zdb")) {
            assertThat(store.missing(List.of())).isEmpty();
            server.close();
            server = StoreServer.start(work.resolve("store"), 0, "test");
            line.leadTo(server.port());
            assertThat(pack(store).sentChunks()).isEqualTo(FILES);
        }
        assertWhole();
    }

    @Test
    void nobodyBehindTheAddressIsAnError() throws IOException {
        int gone = line.port();
        line.close();
        StoreException refused = catchThrowableOfType(StoreException.class,
                () -> ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + gone)));
        assertThat(refused.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
        assertThat(refused.why()).contains("refused");
    }

    @Test
    void slowLineIsWaitedFor() {
        line.garble(answer -> {
            Thread.yield();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            return answer;
        });
        try (ChunkStore store = open("zdb")) {
            assertThat(pack(store).sentChunks()).isEqualTo(FILES);
        }
        assertWhole();
    }

    @Test
    void alteredAnswersAreNeverTakenForContent() {
        try (ChunkStore store = open("zdb")) {
            pack(store);
            AtomicInteger counter = new AtomicInteger();
            line.garble(answer -> {
                if (answer.length > 4000 && counter.incrementAndGet() == 3) {
                    answer[2000] ^= 1;
                }
                return answer;
            });
            FlistException altered = catchThrowableOfType(FlistException.class,
                    () -> new Unpacker(store).unpack(Flist.open(flist), work.resolve("out")));
            assertThat(altered.kind()).isEqualTo(FlistException.Kind.CHUNK_ALTERED);
            assertThat(altered.what()).contains("/file", "chunk ");
            line.garble(answer -> answer);
            assertThat(new Unpacker(store).resume(Flist.open(flist), work.resolve("out")).bytes())
                    .isEqualTo((long) FILES * BYTES);
        }
        assertThat(work.resolve("out/file39")).hasSameBinaryContentAs(tree.resolve("file39"));
    }

    @Test
    void answersThatAreNoProtocolAreAnErrorAndNothingIsCalledStored() {
        for (String rubbish : List.of("HTTP/1.1 400 Bad Request\r\n\r\n", "+QUEUED\r\n", ":7\r\n", "$5\r\nother\r\n")) {
            try (ChunkStore store = open("zdb")) {
                line.garble(answer -> rubbish.getBytes(StandardCharsets.US_ASCII));
                RuntimeException failure = catchThrowableOfType(RuntimeException.class, () -> pack(store));
                assertThat(failure).as(rubbish).isInstanceOf(StoreException.class);
            } finally {
                line.garble(answer -> answer);
            }
            assertThat(flist).doesNotExist();
        }
    }

    @Test
    void fullReadOnlyAndLockedNamespacesRefuseAndAreNamed() throws IOException {
        try (RawClient admin = new RawClient(server.port())) {
            assertThat(admin.ask("NSNEW", "mine")).isEqualTo("+OK");
            admin.ask("NSSET", "mine", "maxsize", Integer.toString(10 * BYTES));
            assertRefused("mine", "No space left on this namespace", "make room");
            assertThat(admin.ask("NSINFO", "mine")).doesNotContain("entries: 0\n");
            admin.ask("NSSET", "mine", "maxsize", "0");
            admin.ask("NSSET", "mine", "lock", "1");
            assertRefused("mine", "temporarily locked", "check the store's namespace");
            admin.ask("NSSET", "mine", "lock", "0");
            admin.ask("NSSET", "mine", "password", "pw");
            assertRefused("mine", "read-only mode", "password");
            admin.ask("NSSET", "mine", "public", "0");
            StoreException closed = catchThrowableOfType(StoreException.class,
                    () -> ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + line.port() + "/mine")));
            assertThat(closed.why()).isEqualTo("Namespace protected and private");
        }
        try (ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://:pw@127.0.0.1:" + line.port() + "/mine"))) {
            PackedFlist resumed = pack(store);
            assertThat(resumed.reusedChunks()).as("what was stored before it was full").isPositive();
            assertThat(Verification.ofContent(Flist.open(flist), store).isSound()).isTrue();
        }
    }

    private void assertRefused(String namespace, String why, String hint) {
        try (ChunkStore store = ChunkStores
                .open(StoreUrl.of("zdb://127.0.0.1:" + line.port() + "/" + namespace))) {
            StoreException refused = catchThrowableOfType(StoreException.class, () -> pack(store));
            assertThat(refused.kind()).isEqualTo(StoreException.Kind.REFUSED);
            assertThat(refused.why()).contains(why);
            assertThat(refused.hint()).contains(hint, "run the same command again");
            assertThat(flist).doesNotExist();
        }
    }
}
