package zship.deployer.rollout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.container.PortMapping;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.health.HealthException;
import zship.deployer.health.HealthSettings;
import zship.deployer.node.NodeClient;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RolloutTest {

    private static final String SOURCE = "ICECAST_SOURCE_PASSWORD";

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
