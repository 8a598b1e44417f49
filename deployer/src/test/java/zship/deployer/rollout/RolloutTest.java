package zship.deployer.rollout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.Time;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.Containers;
import zship.deployer.container.EnvVar;
import zship.deployer.container.PortMapping;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.Reply;
import zship.deployer.health.HealthException;
import zship.deployer.health.HealthSettings;
import zship.deployer.node.NodeClient;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RolloutTest {

    private static final String SOURCE = "ICECAST_SOURCE_PASSWORD";
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path state;

    private FakeNode node;
    private FakeContainers containers;
    private NodeClient client;
    private int port;
    private final List<RolloutEvent> events = new ArrayList<>();

    @BeforeEach
    void startNode() throws IOException {
        node = FakeNode.start();
        containers = new FakeContainers(node, entry -> FakeService.icecast(
                entry.env("BROKEN").isEmpty() ? entry.env(SOURCE) : "never"));
        client = NodeClient.open(node.address());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void stopNode() {
        client.close();
        containers.close();
        node.close();
    }

    @Test
    void applyWhenNothingRunsCreatesOneHealthyContainerAndSaysWhereItServes() {
        Deployment deployment = rollout().apply(app("pw-one"));

        assertThat(deployment.changed()).isTrue();
        assertThat(deployment.url().orElseThrow()).hasToString("http://127.0.0.1:" + port);
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
        assertThat(events).hasSizeLessThanOrEqualTo(8).last().isInstanceOf(RolloutEvent.Finished.class);
    }

    @Test
    void applyWhenNothingChangedKeepsTheContainer() {
        int first = rollout().apply(app("pw-one")).containerId();

        Deployment second = rollout().apply(app("pw-one"));

        assertThat(second.changed()).isFalse();
        assertThat(second.containerId()).isEqualTo(first);
    }

    @Test
    void applyWhenASecretChangedReplacesTheContainerAndMovesThePort() {
        int first = rollout().apply(app("pw-one")).containerId();

        Deployment second = rollout().apply(app("pw-two"));

        assertThat(second.changed()).isTrue();
        assertThat(second.containerId()).isNotEqualTo(first);
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
        assertThat(containers.only().env(SOURCE)).isEqualTo("pw-two");
    }

    @Test
    void applyWhenTheNewContainerIsUnhealthyKeepsTheOldOneServing() {
        int first = rollout().apply(app("pw-one")).containerId();
        App broken = app("pw-two").withSpec(app("pw-two").spec().withEnv(new EnvVar("BROKEN", "yes")));

        assertThatThrownBy(() -> rollout().apply(broken.withHealth(broken.health().withTimeout(Duration.ofSeconds(1)))))
                .isInstanceOf(HealthException.class).hasMessageContaining("not in force");

        assertThat(containers.only().id()).isEqualTo(first);
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
        assertThat(rollout().history("icecast2").entries()).extracting(HistoryEntry::outcome)
                .containsExactly(HistoryEntry.Outcome.HEALTHY, HistoryEntry.Outcome.UNHEALTHY);
    }

    @Test
    void removeEndsEveryContainerOfTheApp() {
        rollout().apply(app("pw-one"));

        assertThat(rollout().remove("icecast2").containerIds()).hasSize(1);
        assertThat(containers.entries()).isEmpty();
    }

    @Test
    void applyWhenARunWasCutOffAfterCreateGoesOnWithItsContainer() {
        int old = rollout().apply(app("pw-one")).containerId();
        interruptAt(RolloutEvent.ContainerCreated.class, app("pw-two"));
        assertThat(containers.entries()).hasSize(2);

        Deployment resumed = rollout().apply(app("pw-two"));

        assertThat(resumed.containerId()).isEqualTo(old + 1);
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
    }

    @Test
    void applyWhenARunWasCutOffRemovesItsContainerWhenSomethingElseIsAskedFor() {
        rollout().apply(app("pw-one"));
        interruptAt(RolloutEvent.ContainerCreated.class, app("pw-two"));

        rollout().apply(app("pw-three"));

        assertThat(containers.only().env(SOURCE)).isEqualTo("pw-three");
    }

    @Test
    void applyWhenARunWasCutOffBeforeTheOldContainerWasRemovedRemovesIt() {
        rollout().apply(app("pw-one"));
        interruptAt(RolloutEvent.PortsMoved.class, app("pw-two"));
        assertThat(containers.entries()).hasSize(2);

        rollout().apply(app("pw-two"));

        assertThat(containers.only().env(SOURCE)).isEqualTo("pw-two");
        assertThat(containers.only().ports()).containsOnlyKeys(String.valueOf(port));
    }

    @Test
    void applyWhenTheAnswerToCreateIsLostMakesOneContainer() {
        node.fault(r -> r.getFirst().equals("BRPOPLPUSH") && r.get(1).startsWith("result:zship-icecast2"),
                FakeNode.Fault.DROP_AFTER);

        rollout().apply(app("pw-one"));

        assertThat(containers.entries()).hasSize(1);
    }

    @Test
    void applyWhenTheNodeStillKnowsTheAnswerOfARemovedContainerMakesANewOne() {
        App app = app("pw-one");
        interruptAt(RolloutEvent.PreflightPassed.class, app);
        Attempts attempts = new Attempts(StateFolder.of(state, node.address(), "icecast2"), new Random(7));
        String pending = attempts.of(AppDigest.of(app)).id();
        int gone = new Containers(client).create(Tags.mark(app, AppDigest.of(app), pending), pending, LONG);
        containers.vanish(gone);

        assertThat(rollout().apply(app).containerId()).isEqualTo(gone + 1);
    }

    @Test
    void applyAfterRemoveWithinTheMemoryOfTheNodeMakesANewContainer() {
        int first = rollout().apply(app("pw-one")).containerId();
        rollout().remove("icecast2");

        assertThat(rollout().apply(app("pw-one")).containerId()).isEqualTo(first + 1);
    }

    @Test
    void applyWhenTheContainerIsGoneAtOnceSaysHowItEnded() {
        node.on("corex.create", r -> {
            node.keys().push("result:core-9", "{\"id\":\"core-9\",\"command\":\"\",\"data\":\"\",\"streams\":"
                    + "[\"\",\"\"],\"level\":0,\"state\":\"ERROR\",\"code\":1,\"starttime\":1,\"time\":26}");
            return Reply.json("9");
        });

        assertThatThrownBy(() -> rollout().apply(app("pw-one")))
                .hasMessageContaining("container 9 ended at once: exit status 1");
    }

    @Test
    void applyWhenTheServingContainerIsSickReplacesIt() {
        int sick = rollout().apply(app("pw-one")).containerId();
        containers.serviceEnded(sick, "icecast", Reply.exit(1, "", "crashed\n"));
        App watched = app("pw-one").withHealth(app("pw-one").health().withServices(List.of("icecast")));

        Deployment healed = rollout().apply(watched);

        assertThat(healed.changed()).isTrue();
        assertThat(containers.only().id()).isEqualTo(sick + 1);
        assertThat(events).anySatisfy(e -> assertThat(e).isInstanceOfSatisfying(RolloutEvent.Planned.class,
                planned -> assertThat(planned.cause()).contains("not healthy").contains("crashed")));
    }

    @Test
    void applyWhenThePublicPortCannotMoveGivesItBack() {
        int old = rollout().apply(app("pw-one")).containerId();
        Reply refused = Reply.error(500, "some nft trouble");
        containers.refuseForward(old + 1, refused);

        assertThatThrownBy(() -> rollout().apply(app("pw-two"))).hasMessageContaining("some nft trouble");

        assertThat(containers.entries().getFirst().ports()).containsOnlyKeys(String.valueOf(port));
    }

    @Test
    void applyWhenAnotherContainerHasThePortNamesIt() {
        new Containers(client).create(ContainerSpec.of("/x.flist").withName(ContainerName.of("other"))
                .withPort(PortMapping.of(port + ":80")));

        assertThatThrownBy(() -> rollout().apply(app("pw-one"))).isInstanceOf(RolloutException.class)
                .hasMessageContaining("the port is taken: other (container 1) has it");
    }

    @Test
    void applyWhenAProcessHasThePortNamesIt() {
        node.on("info.port",
                r -> Reply.json("[{\"network\":\"tcp6\",\"port\":" + port + ",\"ip\":\"::\",\"pid\":77}]"));
        node.on("process.list", r -> Reply.json("[{\"pid\":77,\"ppid\":1,\"name\":\"nginx\"}]"));

        assertThatThrownBy(() -> rollout().apply(app("pw-one"))).isInstanceOfSatisfying(RolloutException.class, e -> {
            assertThat(e.why()).isEqualTo("the port is taken: nginx (pid 77) listens on it");
            assertThat(e.what()).contains("port " + port);
        });
        assertThat(node.commands()).doesNotContain("corex.create");
    }

    @Test
    void applyWhenThePasswordIsAShippedDefaultRefuses() {
        assertThatThrownBy(() -> rollout().apply(app("hackme"))).isInstanceOf(RolloutException.class)
                .hasMessageContaining(SOURCE);
    }

    @Test
    void applyWhenTheNameIsOfAContainerFromElsewhereRefuses() {
        new Containers(client).create(ContainerSpec.of("/x.flist").withName(ContainerName.of("Icecast2")));

        assertThatThrownBy(() -> rollout().apply(app("pw-one"))).hasMessageContaining("was not deployed by zship");
    }

    @Test
    void applyWhileAnotherRunHasTheLockNamesItsHolder() {
        try (DeployLock lock = DeployLock.take(StateFolder.of(state, node.address(), "icecast2"), Time.system())) {
            assertThatThrownBy(() -> rollout().apply(app("pw-one"))).isInstanceOf(RolloutException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " since ")
                    .hasMessageMatching("(?s).*since [0-9T:-]+Z \\([0-9]+ s ago\\).*");
        }
    }

    @Test
    void noSecretIsInEventsFilesOrTags() throws IOException {
        rollout().apply(app("canary-4711"));

        assertThat(events.toString()).doesNotContain("canary");
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file).content().doesNotContain("canary");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            }
        }
        assertThat(new Containers(client).list().getFirst().tags().toString()).doesNotContain("canary");
    }

    @Test
    void passwordOfTheStoreIsComparedButNeitherKeptNorTagged() throws IOException {
        App app = app("pw-one").withSpec(app("pw-one").spec().withStorage("zdb://canary@127.0.0.1:9900"));
        rollout().apply(app);

        assertThat(rollout().apply(app).changed()).isFalse();
        try (Stream<Path> files = Files.walk(state)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("canary"));
        }
        App running = rollout().running(new Containers(client).list().getFirst(), Map.of(), name -> true);
        assertThat(running.spec().root().storage()).contains("zdb://canary@127.0.0.1:9900");
        App other = app.withSpec(app.spec().withStorage("zdb://another@127.0.0.1:9900"));
        assertThat(rollout().plan(other).cause()).isEqualTo("a secret has another value");
    }

    @Test
    void planSaysWhatApplyWouldDoAndChangesNothing() {
        assertThat(rollout().plan(app("pw-one")).operation()).isEqualTo(Plan.Operation.CREATE);
        rollout().apply(app("pw-one"));
        assertThat(rollout().plan(app("pw-one")).changes()).isFalse();
        assertThat(rollout().plan(app("pw-two")).operation()).isEqualTo(Plan.Operation.REPLACE);
        assertThat(containers.entries()).hasSize(1);
    }

    @Test
    void rollbackReturnsToThePreviousDeploymentWithTheSecretsGiven() {
        App first = app("pw-one").withSpec(app("pw-one").spec().withEnv(EnvVar.of("VERSION=1")));
        rollout().apply(first);
        rollout().apply(app("pw-two"));

        Deployment back = rollout().rollback("icecast2", OptionalInt.empty(), Map.of(SOURCE, Secret.of("pw-one")));

        assertThat(back.changed()).isTrue();
        assertThat(containers.only().env("VERSION")).isEqualTo("1");
        assertThat(containers.only().env(SOURCE)).isEqualTo("pw-one");
    }

    @Test
    void rollbackWithoutASecretOrAnEntryNamesWhatIsMissing() {
        rollout().apply(app("pw-one"));
        assertThatThrownBy(() -> rollout().rollback("icecast2", OptionalInt.of(1), Map.of()))
                .hasMessageContaining("no value is known for " + SOURCE);
        assertThatThrownBy(() -> rollout().rollback("icecast2", OptionalInt.empty(), Map.of()))
                .hasMessageContaining("no such deployment");
    }

    /** A run that ends in the middle, as by a kill: at an event, its thread goes no further. */
    private void interruptAt(Class<? extends RolloutEvent> event, App app) {
        Rollout cut = new Rollout(client, RolloutSettings.of(state), e -> {
            if (event.isInstance(e)) {
                throw new CutOff();
            }
        });
        assertThatThrownBy(() -> cut.apply(app)).isInstanceOf(CutOff.class);
    }

    private static final class CutOff extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Rollout rollout() {
        return new Rollout(client, RolloutSettings.of(state), events::add);
    }

    private App app(String password) {
        Secret secret = Secret.of(password);
        ContainerSpec spec = ContainerSpec.of("/var/flists/icecast.flist").withName(ContainerName.of("icecast2"))
                .withStorage("zdb://127.0.0.1:9900").withPort(PortMapping.of(port + ":8000"))
                .withSecret(SOURCE, secret);
        return App.of(spec, "ab".repeat(32)).withHealth(HealthSettings.icecast(8000, secret));
    }
}
