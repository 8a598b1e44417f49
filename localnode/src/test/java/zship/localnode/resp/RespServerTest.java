package zship.localnode.resp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.localnode.RawClient;
import zship.localnode.TestClock;
import zship.localnode.resp.Keyspace.End;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers recorded from redis 7.0.15 behind the proxy of 0-core, unless a test says that they differ. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RespServerTest {
    private final Keyspace keyspace = new Keyspace(new TestClock(), 64 << 20);
    private RespServer server;

    @BeforeEach
    void start() throws IOException {
        server = RespServer.start(0, RespLimits.COMMANDS, () -> new QueueSession(keyspace, Optional.empty()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A connection whose answers fail for good is closed, so that its client does not wait for ever. */
    @Test
    void connectionIsClosedWhenItsWorkFails() throws IOException {
        Session failing = new Session() {
            @Override
            public Reply answer(List<byte[]> request) {
                throw new StackOverflowError("too deep");
            }

            @Override
            public Reply inline(String line) {
                return Reply.OK;
            }

            @Override
            public Reply.Fatal malformed(ProtocolFault fault) {
                return new Reply.Fatal("malformed");
            }
        };
        try (RespServer failingServer = RespServer.start(0, RespLimits.COMMANDS, () -> failing);
                RawClient client = new RawClient(failingServer.port())) {
            assertThat(client.ask("PING")).isEqualTo("closed");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PING | +PONG
            PING hello | hello
            ping | +PONG
            ECHO x | x
            QUIT | +OK
            AUTH whatever | +OK
            AUTH user pass | -invalid number of arguments
            AUTH | -invalid number of arguments
            SELECT 1 | +OK
            EXISTS nokey | :0
            TTL nokey | :-2
            LTTL nokey | :-2
            LKEYEXISTS nokey | :0
            TYPE nokey | +none
            LLEN nokey | :0
            LRANGE nokey 0 -1 | []
            GET nokey | $-1
            BLPOP nokey 0.01 | $-1
            BRPOP nokey 0.01 | $-1
            BRPOPLPUSH nokey nokey 0.01 | $-1
            RPOPLPUSH nokey nokey | $-1
            BLPOP nokey -1 | -ERR timeout is negative
            NOSUCH a | -ERR unknown command 'NOSUCH', with args beginning with: 'a'
            RPUSH onlykey | -ERR wrong number of arguments for 'rpush' command
            EXEC | -ERR EXEC without MULTI
            CLIENT SETINFO lib-name x | -ERR unknown subcommand 'SETINFO'. Try CLIENT HELP.
            CLIENT GETNAME | $-1
            READONLY | -ERR This instance has cluster support disabled
            """)
    void answersAreThoseOfTheNode(String request, String reply) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.ask((Object[]) request.split(" ")).strip()).isEqualTo(reply);
        }
    }

    @Test
    void versionThreeIsRefusedAndTheConnectionStays() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.ask("HELLO", "3")).startsWith("-redigo: unexpected response line");
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            assertThat(client.ask("HELLO", "2")).startsWith("[server, redis, version,").endsWith("[]interface {}([])]");
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '*0\r\n', invalid multibulk length
            '*-1\r\n', invalid multibulk length
            '*9999999\r\n', invalid multibulk length
            '*1\r\n+PING\r\n', expected "$"
            '*1\r\n$-1\r\n', invalid bulk length
            '*1\r\n$4\r\nPINGxx', invalid bulk length
            '*1\r\n$99999999\r\n', invalid bulk length
            '*1\r\n$x\r\n', invalid bulk length
            '"unbalanced\r\n', unbalanced quotes in request
            """, quoteCharacter = '\'')
    void brokenRequestIsAnsweredAndClosed(String request, String reason) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.send(request).reply())
                    .startsWith("-ERR Protocol error: " + reason.replace('"', '\''));
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void lineIsARequestToo() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.send("PING\r\n").reply()).isEqualTo("+PONG");
            assertThat(client.send("RPUSH k \"a b\" 'c'\r\n").reply()).isEqualTo(":2");
            assertThat(client.ask("LRANGE", "k", "0", "-1")).isEqualTo("[a b, c]");
        }
    }

    @Test
    void requestOfABrowserNeverReachesTheQueue() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n*3\r\n$5\r\nRPUSH\r\n$1\r\nk\r\n$1\r\nx\r\n");
            assertThat(client.reply()).startsWith("-ERR Protocol error");
            assertThat(client.reply()).isEqualTo("closed");
        }
        assertThat(keyspace.length("k")).isZero();
    }

    @Test
    void pipelineIsAnsweredInOrderAcrossABlockingCommand() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            client.push("PING").push("BLPOP", "nokey", "0.05").push("PING");
            assertThat(List.of(client.reply(), client.reply(), client.reply())).containsExactly("+PONG", "$-1",
                    "+PONG");
        }
    }

    @Test
    void hundredBlockedClientsDoNotStopAnother() throws IOException {
        List<RawClient> blocked = new ArrayList<>();
        try (RawClient other = new RawClient(server.port())) {
            for (int i = 0; i < 100; i++) {
                blocked.add(new RawClient(server.port()).push("BLPOP", "k", "0"));
                while (keyspace.waiting() <= i) {
                    Thread.onSpinWait();
                }
            }
            assertThat(other.ask("PING")).isEqualTo("+PONG");
            assertThat(other.ask("RPUSH", "k", "x")).isEqualTo(":1");
            assertThat(blocked.getFirst().reply()).isEqualTo("[k, x]");
        } finally {
            for (RawClient client : blocked) {
                client.close();
            }
        }
    }

    @Test
    void clientThatGoesAwayLosesNoElement() throws IOException {
        RawClient gone = new RawClient(server.port()).push("BLPOP", "k", "0");
        while (keyspace.waiting() < 1) {
            Thread.onSpinWait();
        }
        gone.close();
        while (keyspace.waiting() > 0) {
            Thread.onSpinWait();
        }
        keyspace.push("k", End.RIGHT, List.of(new byte[]{1}));
        assertThat(keyspace.length("k")).isOne();
    }

    @Test
    void lettuceWithVersionTwoDoesWhatTheClientProcedureNeeds() {
        RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port());
        client.setOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build());
        try (var connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            assertThat(redis.rpush("flag", "")).isOne();
            assertThat(redis.ttl("flag")).isEqualTo(-1);
            assertThat(redis.expire("flag", 300)).isTrue();
            assertThat(redis.ttl("flag")).isEqualTo(300);
            assertThat(redis.brpoplpush(1, "flag", "flag")).isEmpty();
            assertThat(redis.exists("flag")).isOne();
            assertThat(redis.brpoplpush(1, "absent", "absent")).isNull();
            redis.rpush("stream", "one", "two");
            assertThat(redis.blpop(1, "stream")).isEqualTo(KeyValue.just("stream", "one"));
            assertThat(redis.lrange("stream", 0, -1)).containsExactly("two");
            assertThat(redis.del("stream")).isOne();
        } finally {
            client.shutdown();
        }
    }

    @Test
    void valueOfManyReadsArrivesWhole() throws IOException {
        byte[] big = new byte[5_000_000];
        Arrays.fill(big, (byte) 'x');
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.ask("RPUSH", "k", big)).isEqualTo(":1");
            assertThat(client.ask("LPOP", "k")).hasSize(5_000_000);
        }
    }
}
