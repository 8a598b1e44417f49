package zship.localnode.resp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import zship.localnode.RawClient;
import zship.localnode.resp.Keyspace.End;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever some clients do, another one is answered, and memory stays bounded. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileClientsTest {
    private static final long LIMIT = 64L << 20;

    private Keyspace keyspace;
    private RespServer server;

    @BeforeEach
    void start() throws IOException {
        keyspace = new Keyspace(Clock.systemUTC(), LIMIT);
        server = RespServer.start(0, RespLimits.COMMANDS, () -> new QueueSession(keyspace, Optional.empty()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void assertOthersAreAnswered() throws IOException {
        try (RawClient other = new RawClient(server.port())) {
            assertThat(other.ask("PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void thousandConnectionsDoNotStopAnother() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
                socket.getOutputStream().write("*2\r\n$5\r\nBLP".getBytes(StandardCharsets.US_ASCII));
                held.add(socket);
            }
            assertOthersAreAnswered();
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        assertOthersAreAnswered();
    }

    @Test
    void clientsBeyondTheLimitAreToldSoUntilAnotherLeaves() throws IOException {
        RespLimits few = new RespLimits(2, 100, 1000, 1000, 1000, 1000);
        try (RespServer small = RespServer.start(0, few, () -> new QueueSession(keyspace, Optional.empty()));
                RawClient first = new RawClient(small.port())) {
            assertThat(first.ask("PING")).isEqualTo("+PONG");
            try (RawClient second = new RawClient(small.port()); RawClient third = new RawClient(small.port())) {
                assertThat(second.ask("PING")).isEqualTo("+PONG");
                assertThat(third.reply()).isEqualTo("-ERR max number of clients reached");
                assertThat(first.ask("PING")).isEqualTo("+PONG");
            }
            String answer = "closed";
            while (!answer.equals("+PONG")) {
                try (RawClient next = new RawClient(small.port())) {
                    answer = answerOrClosed(next);
                }
            }
        }
    }

    @Test
    void stoppedServerLeavesNobodyWaiting() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            server.close();
            assertThat(answerOrClosed(client)).isEqualTo("closed");
        }
    }

    private static String answerOrClosed(RawClient client) {
        try {
            return client.ask("PING");
        } catch (SocketTimeoutException silent) {
            return "silent";
        } catch (IOException reset) {
            return "closed";
        }
    }

    @Test
    void randomBytesEndTheConnectionAtMost() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] garbage = new byte[1 + random.nextInt(2000)];
            random.nextBytes(garbage);
            byte[] start = List.of("*", "$", "*1\r\n$", "*3\r\n$5\r\nRPUSH\r\n", "", "*-", "*1048576\r\n")
                    .get(round % 7)
                    .getBytes(StandardCharsets.US_ASCII);
            try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
                socket.getOutputStream().write(start);
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
            }
        }
        assertOthersAreAnswered();
        assertThat(keyspace.length("core:default")).isZero();
    }

    @Test
    void announcedLengthsTakeNoMemory() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
                socket.getOutputStream().write(
                        "*3\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$16000000\r\nx".getBytes(StandardCharsets.US_ASCII));
                held.add(socket);
            }
            assertOthersAreAnswered();
            assertThat(keyspace.bytes()).isZero();
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void clientThatDoesNotReadHoldsUpNobody() throws IOException {
        byte[] big = new byte[1 << 20];
        Arrays.fill(big, (byte) 'x');
        keyspace.push("big", End.RIGHT, List.of(big));
        try (Socket slow = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            slow.setReceiveBufferSize(4096);
            for (int i = 0; i < 2000; i++) {
                slow.getOutputStream().write("*4\r\n$6\r\nLRANGE\r\n$3\r\nbig\r\n$1\r\n0\r\n$2\r\n-1\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
            }
            assertOthersAreAnswered();
        }
        assertOthersAreAnswered();
    }

    @Test
    void listsAreFullBeforeMemoryIs() throws IOException {
        byte[] big = new byte[8 << 20];
        try (RawClient client = new RawClient(server.port())) {
            for (int i = 0; i < LIMIT / big.length - 1; i++) {
                assertThat(client.ask("RPUSH", "hoard", big)).startsWith(":");
            }
            assertThat(client.ask("RPUSH", "hoard", big)).startsWith("-OOM");
            assertThat(client.ask("DEL", "hoard")).isEqualTo(":1");
            assertThat(client.ask("RPUSH", "hoard", "x")).isEqualTo(":1");
        }
    }
}
