package zship.flist.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Servers that answer a chunk with what no chunk can be. */
class HostileStoreTest {
    private static final ChunkId ID = new ChunkId(1, 2);
    /** Much more than all that lies in buffers of sockets, much less than what the answers announce. */
    private static final long BUFFERED = 64 << 20;

    static Stream<Arguments> answers() {
        return Stream.of(Arguments.of("$1073741824\r\n", "1073741824 bytes long, and at most 8388608 are possible"),
                Arguments.of("$8388609\r\n", "8388609 bytes long"),
                Arguments.of("$999999999999999999\r\n", "999999999999999999 bytes long"),
                Arguments.of("$99999999999999999999", "length of more than 18 digits"),
                Arguments.of("$-7\r\n", "something else than a length"),
                Arguments.of("$\r\n", "something else than a length"),
                Arguments.of("+", "line of more than 65536 bytes"), Arguments.of("-ERR ", "line of more than 65536"),
                Arguments.of(":1", "line of more than 65536 bytes"), Arguments.of("*2000000000\r\n", "is a list"),
                Arguments.of("*1\r\n$1073741824\r\n", "is a list"), Arguments.of("=1073741824\r\ntxt:", "the byte 61"),
                Arguments.of(">2000000000\r\n", "the byte 62"), Arguments.of("+OK\n", "line that ends too early"),
                Arguments.of("+OK\r+", "line that does not end"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void endlessAnswerIsRefusedWithoutBeingTaken(String head, String why) throws Exception {
        try (Speaker speaker = new Speaker(bytes(head), true); ChunkStore store = ZdbStore.connect(speaker.url())) {
            assertThatThrownBy(() -> store.get(ID)).isInstanceOfSatisfying(StoreException.class, e -> {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED);
                assertThat(e.what()).contains(speaker.url().hostPort());
                assertThat(e.why()).contains(ID.toString()).contains(why);
            });
            assertThat(speaker.heardTheEnd()).as("bytes sent before the connection was closed").isLessThan(BUFFERED);
        }
    }

    @Test
    void tooLongValueIsRefusedBeforeAnythingOfItCame() throws Exception {
        try (Speaker speaker = new Speaker(bytes("$9000000\r\n"), false);
                ChunkStore store = ZdbStore.connect(speaker.url())) {
            assertThatThrownBy(() -> store.get(ID)).isInstanceOf(StoreException.class)
                    .hasMessageContaining(ID.toString()).hasMessageContaining("is 9000000 bytes long");
            assertThat(speaker.heardTheEnd()).isEqualTo(10);
        }
    }

    @Test
    void tooLongValueAfterSoundOnesNamesItsOwnChunk() throws Exception {
        try (Speaker speaker = new Speaker(bytes("$1\r\nx\r\n$-1\r\n$9000000\r\n"), false);
                ChunkStore store = ZdbStore.connect(speaker.url())) {
            assertThatThrownBy(() -> store.getAll(List.of(new ChunkId(0, 1), new ChunkId(0, 2), ID)))
                    .isInstanceOf(StoreException.class).hasMessageContaining("the answer for chunk " + ID);
        }
    }

    @Test
    void endlessAnswerToThePasswordIsRefusedToo() throws Exception {
        try (Speaker speaker = new Speaker("AUTH", bytes("+"), true)) {
            StoreUrl url = StoreUrl.of("zdb://:canary@" + speaker.url().hostPort());
            assertThatThrownBy(() -> ChunkStores.open(url)).isInstanceOfSatisfying(StoreException.class, e -> {
                assertThat(e.why()).contains("the answer for AUTH").contains("line of more than");
                assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary");
            });
            assertThat(speaker.heardTheEnd()).isLessThan(BUFFERED);
        }
    }

    @Test
    void endlessGreetingIsRefusedToo() throws Exception {
        try (Speaker speaker = new Speaker("CLIENT", bytes("$1073741824\r\n"), true)) {
            assertThatThrownBy(() -> ZdbStore.connect(speaker.url())).isInstanceOf(StoreException.class)
                    .hasMessageContaining("connect to the store " + speaker.url())
                    .hasMessageContaining("1073741824 bytes long");
            assertThat(speaker.heardTheEnd()).isLessThan(BUFFERED);
        }
    }

    @Test
    void largestValueIsRead() throws Exception {
        byte[] value = new byte[ChunkCodec.MAX_STORED];
        Arrays.fill(value, (byte) '\n');
        byte[] answer = Arrays.copyOf(bytes("$8388608\r\n"), 10 + value.length + 2);
        System.arraycopy(value, 0, answer, 10, value.length);
        answer[answer.length - 2] = '\r';
        answer[answer.length - 1] = '\n';
        try (Speaker speaker = new Speaker(answer, false); ChunkStore store = ZdbStore.connect(speaker.url())) {
            assertThat(store.get(ID)).hasValueSatisfying(it -> assertThat(it).isEqualTo(value));
        }
    }

    @Test
    void nextReplicaIsAskedAndTheBadOneReported() throws Exception {
        byte[] data = {1, 2, 3};
        ChunkId id = ChunkCodec.idOf(data);
        try (Speaker bad = new Speaker(bytes("$1073741824\r\n"), true);
                Speaker good = new Speaker(new byte[]{'$', '3', '\r', '\n', 1, 2, 3, '\r', '\n'}, false)) {
            Router router = Router.of("pools: { a: { '00:ff': '%s' }, b: { '00:ff': '%s' } }%nlookup: [ a, b ]"
                    .formatted(bad.url(), good.url()), "router.yaml");
            List<ReplicaFault> faults = new ArrayList<>();
            try (ChunkStore store = RoutedStore.of(router, bad.url(), faults::add)) {
                assertThat(store.get(id)).contains(data);
            }
            assertThat(faults).singleElement().satisfies(fault -> {
                assertThat(fault.replica()).isEqualTo(bad.url());
                assertThat(fault.text()).contains(id.toString()).contains("1073741824");
            });
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Refuses what it is asked until one command comes, to which it gives an answer, perhaps without an end; then it listens
     * until the connection ends.
     */
    private static final class Speaker implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Long> sent;

        Speaker(byte[] answer, boolean endless) throws IOException {
            this("GET", answer, endless);
        }

        Speaker(String command, byte[] answer, boolean endless) throws IOException {
            sent = CompletableFuture.supplyAsync(() -> speak(command, answer, endless),
                    task -> Thread.ofPlatform().daemon().start(task));
        }

        StoreUrl.Server url() {
            return (StoreUrl.Server) StoreUrl.of("zdb://127.0.0.1:" + server.getLocalPort());
        }

        /** How much could be sent. */
        long heardTheEnd() throws Exception {
            return sent.get(60, TimeUnit.SECONDS);
        }

        private long speak(String command, byte[] answer, boolean endless) {
            long count = 0;
            try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
                OutputStream out = socket.getOutputStream();
                StringBuilder asked = new StringBuilder();
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    asked.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                    if (asked.indexOf(command) < 0) {
                        out.write(bytes("-Command not supported\r\n"));
                        continue;
                    }
                    out.write(answer, 0, count == 0 ? answer.length : 0);
                    count += answer.length;
                    Arrays.fill(buffer, (byte) '1');
                    for (; endless && count < 1L << 31; count += buffer.length) {
                        out.write(buffer);
                    }
                }
            } catch (IOException closed) {
                return count;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
