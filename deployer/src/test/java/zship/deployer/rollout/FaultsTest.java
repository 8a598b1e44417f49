package zship.deployer.rollout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.PortMapping;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.Recordings;
import zship.deployer.fake.Reply;
import zship.deployer.health.HealthException;
import zship.deployer.health.HealthSettings;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;
import zship.deployer.node.NodeSettings;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A redeploy during which something breaks: never a second container, never without the old one, always a reason. */
class FaultsTest {

    private static final String SOURCE = "ICECAST_SOURCE_PASSWORD";

    @TempDir
    Path state;

    private FakeNode node;
    private FakeContainers containers;
    private NodeClient client;
    private int port;
    private int old;
    private final List<RolloutEvent> events = new ArrayList<>();

    @BeforeEach
    void deployTheOldOne() throws IOException {
        node = FakeNode.start();
        containers = new FakeContainers(node, entry -> FakeService.icecast(entry.env(SOURCE)));
        client = NodeClient.open(NodeSettings.of(node.address()).withLimits(NodeSettings.Limits.USUAL
                .withAccept(Duration.ofSeconds(1)).withPatience(Duration.ofSeconds(15))
                .withAnswer(Duration.ofSeconds(3))));
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        old = rollout().apply(app("pw-one")).containerId();
    }

    @AfterEach
    void stop() {
        client.close();
        containers.close();
        node.close();
    }

    @ParameterizedTest
    @EnumSource(FakeNode.Fault.class)
    void everyPushOfACommandMayBeCutOff(FakeNode.Fault fault) {
        for (String command : List.of("corex.create", "corex.portforward-remove", "corex.terminate", "corex.find",
                "corex.dispatch")) {
            node.fault(r -> r.getFirst().equals("RPUSH") && r.toString().contains(command), fault);
        }

        assertThat(rollout().apply(app("pw-two")).containerId()).isEqualTo(old + 1);
        assertServes("pw-two");
    }

    @ParameterizedTest
    @EnumSource(value = FakeNode.Fault.class, names = "DROP_.*", mode = EnumSource.Mode.MATCH_ALL)
    void everyWaitForAResultMayBeCutOff(FakeNode.Fault fault) {
        for (int i = 0; i < 6; i++) {
            int nth = i;
            AtomicInteger seen = new AtomicInteger();
            node.fault(r -> r.getFirst().equals("BRPOPLPUSH") && seen.getAndIncrement() == 5 * nth, fault);
        }

        rollout().apply(app("pw-two"));

        assertServes("pw-two");
    }

    @Test
    void redisThatRestartsDuringCreateLosesTheAnswerButNotTheContainer() {
        node.on("job.list", r -> Reply.error(500, "Process with id 'x' doesn't exist"));
        containers.loseAnswerOfCreate();

        assertThat(rollout().apply(app("pw-two")).containerId()).isEqualTo(old + 1);
        assertServes("pw-two");
        assertThat(node.commands().stream().filter("corex.create"::equals)).hasSize(2);
    }

    @Test
    void redisThatRestartsBeforeCreateIsTakenMakesNothingAndTheOldOneServes() {
        node.on("job.list", r -> Reply.error(500, "Process with id 'x' doesn't exist"));
        node.on("corex.create", r -> {
            node.keys().clear();
            return Reply.never();
        });

        assertThatThrownBy(() -> rollout().apply(app("pw-two"))).isInstanceOfSatisfying(NodeException.class, e -> {
            // Whether the flag was read before it was lost is a matter of moments; both messages say what did not happen.
            assertThat(e.what())
                    .matches("(run corex\\.create|create container icecast2 from \\S+) on node 127\\.0\\.0\\.1:\\d+");
            assertThat(e.hint()).contains("zship ");
        });
        assertServes("pw-one");
    }

    @Test
    void portThatIsTakenBetweenPreflightAndCreateIsNamed() {
        node.on("corex.create", r -> Reply.recorded(Recordings.results("create_port_taken").stream()
                .filter(text -> text.contains("already in use")).findFirst().orElseThrow()));

        assertThatThrownBy(() -> rollout().apply(app("pw-two"))).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.what()).startsWith("create container icecast2");
            assertThat(e.why()).contains("already in use");
            assertThat(e.hint()).contains("zship ps");
        });
        assertServes("pw-one");
    }

    @Test
    void containerThatVanishesWhileItIsVerifiedLeavesTheOldOne() {
        containers.inside("job.list", r -> {
            if (r.container() > old) {
                containers.vanish(r.container());
            }
            return Reply.json("[]");
        });
        App waiting = app("pw-two").withHealth(HealthSettings.icecast(8000, Secret.of("other")));

        assertThatThrownBy(() -> rollout().apply(waiting)).isInstanceOf(HealthException.class)
                .hasMessageContaining("the container is gone");
        assertServes("pw-one");
    }

    @Test
    void containerThatServesNothingIsRemovedAndTheOldOneServes() {
        App silent = app("never").withHealth(HealthSettings.icecast(8000, Secret.of("other"))
                .withTimeout(Duration.ofSeconds(1)));

        assertThatThrownBy(() -> rollout().apply(silent)).isInstanceOfSatisfying(HealthException.class,
                e -> assertThat(e.report().probes()).isNotEmpty());
        assertServes("pw-one");
    }

    @Test
    void terminateThatHangsDoesNotUndoADeploymentThatServes() {
        node.on("corex.terminate", r -> Reply.never());

        assertThatThrownBy(() -> rollout().apply(app("pw-two"))).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.what()).startsWith("end container " + old);
            assertThat(e.hint()).contains("zship rm");
        });
        assertThat(serving()).containsExactly("pw-two");
        assertThat(rollout().history("icecast2").last().orElseThrow().containerId()).isEqualTo(old + 1);
    }

    @Test
    void listThatFailsIsNoObstacle() {
        node.on("corex.list", r -> Reply.recorded(Recordings.results("list_foreign_nft_rule").stream()
                .filter(text -> text.contains("corex.list") && text.contains("\"ERROR\"")).findFirst().orElseThrow()));

        rollout().apply(app("pw-two"));

        assertServes("pw-two");
    }

    @Test
    void clockOfTheNodeDecidesNothing() {
        node.clock(4_102_444_800_000L);
        rollout().apply(app("pw-two"));
        node.clock(0);
        assertThat(rollout().apply(app("pw-two")).changed()).isFalse();
        assertServes("pw-two");
        assertThat(rollout().history("icecast2").entries()).allSatisfy(
                entry -> assertThat(Duration.between(entry.time(), java.time.Instant.now())).isLessThan(
                        Duration.ofHours(1)));
    }

    /** One container, with this password, and the public port leads into it. */
    private void assertServes(String password) {
        assertThat(containers.only().env(SOURCE)).isEqualTo(password);
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
    }

    private List<String> serving() {
        return containers.entries().stream().filter(entry -> entry.ports().containsKey(String.valueOf(port)))
                .map(entry -> entry.env(SOURCE)).toList();
    }

    private Rollout rollout() {
        return new Rollout(client, RolloutSettings.of(state).withTerminateTimeout(Duration.ofSeconds(3))
                .withCreateTimeout(Duration.ofSeconds(10)), events::add);
    }

    private App app(String password) {
        Secret secret = Secret.of(password);
        ContainerSpec spec = ContainerSpec.of("/var/flists/icecast.flist").withName(ContainerName.of("icecast2"))
                .withPort(PortMapping.of(port + ":8000")).withSecret(SOURCE, secret);
        return App.of(spec, "aa").withHealth(HealthSettings.icecast(8000, secret).withTimeout(Duration.ofSeconds(20)));
    }
}
