package zship.deployer.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import zship.deployer.DeployException;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeNode.Fault;
import zship.deployer.fake.Recordings;
import zship.deployer.fake.Reply;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NodeClientTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private FakeNode node;
    private NodeClient client;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        client = client(NodeSettings.of(node.address()));
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void runReadsARecordedAnswer() {
        node.on("core.ping", r -> Reply.recorded(Recordings.results("ping").getFirst()));

        assertThat(client.run(Command.of("core.ping"), LONG).text()).startsWith("PONG Version: ");
    }

    @Test
    void runSpeaksTheProtocolOfTheOriginalClients() {
        client.run(Command.of("core.ping").withId("my-id"), LONG);

        assertThat(node.requests()).filteredOn(r -> !r.getFirst().equals("PING")).containsExactly(
                List.of("RPUSH", "core:default", "{\"id\":\"my-id\",\"command\":\"core.ping\",\"arguments\":{}}"),
                List.of("BRPOPLPUSH", "result:my-id:flag", "result:my-id:flag", "1"),
                List.of("BRPOPLPUSH", "result:my-id", "result:my-id", "5"));
    }

    @Test
    void runSendsEveryFieldOfTheEnvelope() {
        Command command = Command.of("core.ping").with("a", List.of(1, "x", true)).with("b", null).withId("e")
                .withTags(List.of("t")).withOptions(new Command.Options("q", Duration.ofSeconds(7), 3,
                        Duration.ofSeconds(9), true, List.of(1, 2)));

        client.run(command, LONG);

        assertThat(node.accepted().getFirst().envelope().toString()).isEqualTo(
                "{\"id\":\"e\",\"command\":\"core.ping\",\"arguments\":{\"a\":[1,\"x\",true],\"b\":null},\"queue\":\"q\","
                        + "\"max_time\":7,\"max_restart\":3,\"recurring_period\":9,\"stream\":true,"
                        + "\"log_levels\":[1,2],\"tags\":[\"t\"]}");
    }

    @Test
    void secretsAppearOnTheWireOnly() {
        Command command = Command.of("core.ping").with("password", Secret.of("canary-1"));

        client.run(command, LONG);

        assertThat(command.toString()).doesNotContain("canary-1");
        assertThat(node.accepted().getFirst().arguments().path("password").asString()).isEqualTo("canary-1");
    }

    @Test
    void submitWhenTheConnectionIsLostBeforeThePushRunsTheCommandOnce() {
        client.run(Command.of("core.ping"), LONG);
        node.fault(r -> r.getFirst().equals("RPUSH"), Fault.DROP_BEFORE);

        assertThat(client.run(Command.of("core.ping").withId("once"), LONG).success()).isTrue();
        assertThat(node.accepted()).filteredOn(r -> r.id().equals("once")).hasSize(1);
    }

    @Test
    void submitWhenTheAnswerToThePushIsLostRunsTheCommandOnce() {
        client.run(Command.of("core.ping"), LONG);
        node.fault(r -> r.getFirst().equals("RPUSH"), Fault.DROP_AFTER);

        assertThat(client.run(Command.of("core.ping").withId("once"), LONG).success()).isTrue();
        assertThat(node.accepted()).filteredOn(r -> r.id().equals("once")).hasSize(1);
    }

    @Test
    void awaitWhenTheConnectionIsLostReadsTheResultOnANewOne() {
        node.fault(r -> r.getFirst().equals("BRPOPLPUSH") && !r.get(1).endsWith(":flag"), Fault.DROP_AFTER);

        assertThat(client.run(Command.of("core.ping"), LONG).success()).isTrue();
    }

    @Test
    void awaitWhenTheFlagDoesNotComeSaysThatTheNodeDidNotAccept() {
        node.keys().clear();
        node.on("job.list", r -> Reply.error(500, "Process with id 'x' doesn't exist"));
        Job job = dropped("lost");

        assertThatThrownBy(() -> job.await(LONG)).isInstanceOf(NodeException.class)
                .hasMessageContaining("did not accept the command within 1 s");
    }

    @Test
    void awaitFindsAResultThatWasPostedWithoutAFlag() {
        Job job = dropped("late");
        node.keys().push("result:late", Recordings.results("bash_ok").getFirst());

        assertThat(job.await(LONG).success()).isTrue();
    }

    @Test
    void awaitWhenRedisRestartedAndTheJobIsGoneSaysSo() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        node.on("slow", r -> {
            running.countDown();
            return Reply.never();
        });
        node.on("job.list", r -> Reply.error(500, "Process with id 'x' doesn't exist"));
        Job job = client.submit(Command.of("slow"));
        running.await();
        node.requests();
        assertThat(job.running()).isTrue();
        node.keys().clear();
        node.keys().push("result:" + job.id() + ":flag", "");

        Thread.ofVirtual().start(() -> forget(job));
        assertThatThrownBy(() -> job.await(LONG)).isInstanceOf(NodeException.class)
                .hasMessageContaining("the node has lost job " + job.id());
    }

    @Test
    void awaitWhenTheJobTakesTooLongNamesItAndTheTime() {
        node.on("slow", r -> Reply.never());

        assertThatThrownBy(() -> client.run(Command.of("slow").withId("sleepy"), Duration.ofSeconds(1)))
                .isInstanceOf(NodeException.class).hasMessageContaining("no result within 1 s")
                .hasMessageContaining("sleepy");
    }

    @Test
    void submitWhenNobodyListensIsUnreachableAtOnce() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            try (NodeClient nowhere = NodeClient.open(NodeAddress.of("127.0.0.1:" + port))) {
                assertThatThrownBy(() -> nowhere.submit(Command.of("core.ping")))
                        .isInstanceOfSatisfying(NodeException.class, e -> {
                            assertThat(e.kind()).isEqualTo(DeployException.Kind.UNREACHABLE);
                            assertThat(e.what()).contains("127.0.0.1:" + port);
                            assertThat(e.why()).isEqualTo("connection refused");
                            assertThat(e.hint()).contains("zship node start");
                        });
            }
        }
    }

    @Test
    void submitWhenTheNodeWantsATokenIsRefusedWithTheRemedy() {
        node.refuse("permission denied, please call AUTH first with a valid JWT");

        assertThatThrownBy(() -> client.submit(Command.of("core.ping"))).isInstanceOfSatisfying(NodeException.class,
                e -> {
                    assertThat(e.kind()).isEqualTo(DeployException.Kind.REFUSED);
                    assertThat(e.hint()).contains("--node-token");
                });
    }

    @Test
    void submitWhenTheTokenIsBadIsRefusedAndDoesNotShowIt() {
        node.refuse("invalid jwt");
        String token = "eyJhbGciOiJFUzM4NCJ9.eyJleHAiOjE1MDAwMDAwMDB9.c2ln";
        try (NodeClient member = client(NodeSettings.of(node.address()).withToken(Secret.of(token)))) {
            assertThatThrownBy(() -> member.submit(Command.of("core.ping"))).isInstanceOf(NodeException.class)
                    .hasMessageContaining("it expired at 2017-07-14T02:40:00Z").hasMessageNotContaining(token);
        }
        assertThat(node.requests()).contains(List.of("AUTH", token));
    }

    @Test
    void submitWhenTheNodesRedisIsDownIsUnreachableAfterItsPatience() {
        client.run(Command.of("core.ping"), LONG);
        node.refuse("dial unix /var/run/redis.sock: connect: connection refused");

        assertThatThrownBy(() -> client.submit(Command.of("core.ping"))).isInstanceOfSatisfying(NodeException.class,
                e -> {
                    assertThat(e.kind()).isEqualTo(DeployException.Kind.UNREACHABLE);
                    assertThat(e.why()).contains("the node's Redis is down");
                });
    }

    @Test
    void callThatGetsNoAnswerBecauseAllPlacesAreTakenIsMadeAgainOnANewConnection() {
        try (NodeClient patient = NodeClient.open(NodeSettings.of(node.address())
                .withLimits(NodeSettings.Limits.USUAL.withAnswer(Duration.ofSeconds(1))))) {
            patient.run(Command.of("core.ping"), LONG);
            node.fault(r -> r.getFirst().equals("RPUSH"), Fault.HANG);

            assertThat(patient.run(Command.of("core.ping").withId("once"), LONG).success()).isTrue();
        }
        assertThat(node.accepted()).filteredOn(r -> r.id().equals("once")).hasSize(1);
    }

    @Test
    void callThatNeverGetsAnAnswerNamesTheTwentyPlacesOfTheProxy() {
        try (NodeClient hasty = NodeClient.open(NodeSettings.of(node.address()).withLimits(NodeSettings.Limits.USUAL
                .withPatience(Duration.ofMillis(1)).withAnswer(Duration.ofSeconds(2))))) {
            hasty.run(Command.of("core.ping"), LONG);
            for (int i = 0; i < 4; i++) {
                node.fault(r -> r.getFirst().equals("RPUSH"), Fault.HANG);
            }
            assertThatThrownBy(() -> hasty.submit(Command.of("core.ping"))).isInstanceOfSatisfying(NodeException.class,
                    e -> {
                        assertThat(e.kind()).isEqualTo(DeployException.Kind.UNREACHABLE);
                        assertThat(e.why()).contains("all 20 places of the node's proxy");
                    });
        }
    }

    @Test
    void streamHandsOnEveryMessageUntilTheEnd() {
        node.on("talk", r -> {
            node.keys().push("stream:" + r.id(), message("one\\n", 65537));
            node.keys().push("stream:" + r.id(), message("two\\n", 131073));
            node.keys().push("stream:" + r.id(), message("", 65539));
            return Reply.exit(0, "one\n", "two\n");
        });
        List<String> texts = new ArrayList<>();

        boolean ended = client.submit(Command.of("talk").streaming()).stream(Optional.empty(),
                m -> texts.add(m.level() + " " + m.text()));

        assertThat(ended).isTrue();
        assertThat(texts).containsExactly("STDOUT one\n", "STDERR two\n", "STDOUT ");
    }

    @Test
    void streamOfAJobThatCouldNotStartEndsWithoutAMessage() {
        node.on("no.such", r -> Reply.unknown());
        Job job = client.submit(Command.of("no.such").streaming());
        job.await(LONG);

        assertThat(job.stream(Optional.of(Duration.ofSeconds(3)), m -> {
            throw new AssertionError(m);
        })).isFalse();
    }

    @Test
    void manyCallersShareFourConnections() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            threads.add(Thread.ofVirtual().start(() -> client.run(Command.of("core.ping"), LONG)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(node.commands()).hasSize(40);
        assertThat(node.requests()).filteredOn(r -> r.getFirst().equals("PING")).hasSizeLessThanOrEqualTo(4);
    }

    /** A job whose command the node never saw, as when it cannot decode it. */
    private Job dropped(String id) {
        node.on("job.list", r -> Reply.error(500, "Process with id '" + id + "' doesn't exist"));
        node.keys().push("result:" + id + ":flag", "");
        Job job = client.submit(Command.of("core.ping").withId(id));
        node.keys().clear();
        return job;
    }

    private void forget(Job job) {
        while (node.requests().stream().noneMatch(r -> r.getFirst().equals("BRPOPLPUSH")
                && r.get(1).equals("result:" + job.id()))) {
            Thread.onSpinWait();
        }
        node.keys().clear();
    }

    private static NodeClient client(NodeSettings settings) {
        return NodeClient.open(settings.withLimits(NodeSettings.Limits.USUAL.withAccept(Duration.ofSeconds(1))
                .withPatience(Duration.ofSeconds(2)).withAnswer(Duration.ofSeconds(2))));
    }

    private static String message(String text, int meta) {
        return "{\"core\":0,\"command\":\"x\",\"message\":{\"message\":\"" + text + "\",\"epoch\":1,\"meta\":" + meta
                + "}}";
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
