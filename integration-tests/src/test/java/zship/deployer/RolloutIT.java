package zship.deployer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.container.Container;
import zship.deployer.container.ContainerName;
import zship.deployer.container.Containers;
import zship.deployer.health.HealthCheck;
import zship.deployer.health.HealthException;
import zship.deployer.health.HealthSettings;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeClient;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Deployment;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvent;
import zship.deployer.rollout.RolloutException;
import zship.deployer.rollout.RolloutSettings;
import zship.flist.pack.PackedFlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RolloutIT {
    /** A node says what a service listens on when it has run for two seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration DRAIN = Duration.ofSeconds(3);

    @TempDir
    static Path folder;

    private static Radio radio;
    private final List<RolloutEvent> events = new ArrayList<>();
    private NodeClient client;
    private Containers containers;
    private Rollout rollout;

    @BeforeAll
    static void startNode() throws IOException, InterruptedException {
        radio = Radio.start(folder);
    }

    @AfterAll
    static void stopNode() {
        radio.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = radio.client();
        containers = new Containers(client);
        rollout = new Rollout(client, RolloutSettings.of(radio.state()), events::add);
    }

    @AfterEach
    void cleanUp() {
        rollout.remove(Radio.NAME);
        client.close();
    }

    @Test
    void firstDeploymentServesAndTheSecondChangesNothing() {
        Deployment first = rollout.apply(radio.app("one"));
        Deployment second = rollout.apply(radio.app("one"));

        assertThat(first.changed()).isTrue();
        assertThat(second.changed()).isFalse();
        assertThat(second.containerId()).isEqualTo(first.containerId());
        System.out.println("first deployment " + first.took().toMillis() + " ms, second " + second.took().toMillis()
                + " ms");
    }

    @Test
    void otherPasswordIsInForceAfterwardsAndListenersAreServedMeanwhile() throws InterruptedException {
        int old = rollout.apply(radio.app("one")).containerId();
        Listeners listeners = Listeners.start(client.address().host(), radio.port(), 100);

        // Requests that the old one has begun are answered before it ends.
        Deployment next = new Rollout(client, RolloutSettings.of(radio.state()).withDrain(DRAIN), events::add)
                .apply(radio.app("two/&\"<ü"));
        listeners.stop();

        assertThat(next.containerId()).isNotEqualTo(old);
        assertThat(ours()).extracting(c -> c.id()).containsExactly(next.containerId());
        assertThat(containers.get(next.containerId()).orElseThrow().portsByNumber()).containsOnlyKeys(radio.port());
        System.out.println("requests " + listeners.count() + ", failed " + listeners.failures().size() + " "
                + listeners.failures() + ", redeployed in " + next.took().toMillis() + " ms");
        assertThat(listeners.failures()).isEmpty();
    }

    @Test
    void serviceThatDiesFailsAtOnceWithItsLastWordsAndTheOldOneServes() {
        int old = rollout.apply(radio.app("one")).containerId();

        assertThatThrownBy(() -> rollout.apply(radio.app("canary-password", "RADIO_FAILS")))
                .isInstanceOfSatisfying(HealthException.class, e -> {
                    assertThat(e.why()).isEqualTo("service 'radio' ended: exit status 3: FATAL: no transmitter");
                    assertThat(e.report().lastOutput()).hasValue("reading the password ***\nFATAL: no transmitter");
                    assertThat(e.report().took()).isLessThan(Duration.ofSeconds(15));
                });

        assertThat(ours()).extracting(c -> c.id()).containsExactly(old);
        assertThat(rollout.apply(radio.app("one")).changed()).isFalse();
    }

    @Test
    void serviceThatListensOnLoopbackOnlyIsToldApartFromOneThatListensNowhere() {
        assertThatThrownBy(() -> rollout.apply(patience(radio.app("one", "RADIO_LOOPBACK"))))
                .isInstanceOf(HealthException.class).hasMessageContaining("it listens on 127.0.0.1 only");
        assertThatThrownBy(() -> rollout.apply(patience(radio.app("one", "RADIO_DEAF"))))
                .isInstanceOf(HealthException.class)
                .hasMessageContaining("nothing in the container listens on port 8000")
                .satisfies(e -> assertThat(((HealthException) e).report().lastOutput()).hasValue("radio on air"));
    }

    @Test
    void logLineAndCommandInTheContainerCountAsHealth() {
        HealthSettings health = HealthSettings.none().withServices(List.of("radio"))
                .withCheck(new HealthCheck.LogLine(Pattern.compile("^radio on")));
        Deployment first = rollout.apply(radio.app("one").withHealth(health));
        assertThat(first.health().probes()).last().satisfies(p -> assertThat(p.passed()).isTrue());

        HealthSettings failing = health.withCheck(new HealthCheck.Exec(List.of("/bin/radio", "-x")))
                .withTimeout(PATIENCE);
        assertThatThrownBy(() -> rollout.apply(radio.app("two").withHealth(failing)))
                .isInstanceOf(HealthException.class)
                .hasMessageContaining("/bin/radio: exit status 1: listen: Address already in use");
    }

    @Test
    void portOfAnotherContainerOrProcessIsRefusedWithItsName() throws IOException {
        App app = radio.app("one");
        int other = containers.create(app.spec().withName(ContainerName.of(Radio.OTHER)));
        try {
            assertThatThrownBy(() -> rollout.apply(app)).isInstanceOf(RolloutException.class)
                    .hasMessageContaining("the port is taken: " + Radio.OTHER + " (container " + other + ") has it");
        } finally {
            containers.terminate(other, Duration.ofSeconds(20));
        }
        // A program that this test starts is in the way of a node of this machine only.
        if (radio.isOwn()) {
            try (ServerSocket taken = new ServerSocket(radio.port(), 1, InetAddress.getLoopbackAddress())) {
                assertThatThrownBy(() -> rollout.apply(app)).isInstanceOf(RolloutException.class)
                        .hasMessageContaining("the port is taken: java (pid " + ProcessHandle.current().pid() + ")");
            }
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void missingChunkIsNamedWithItsFileBeforeAnythingIsCreated() throws IOException {
        PackedFlist packed = Radio.packElsewhere(folder);
        HttpServer server = HttpServer.create(new InetSocketAddress(addressOfThisMachine(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, Files.size(packed.file()));
            try (OutputStream out = exchange.getResponseBody()) {
                Files.copy(packed.file(), out);
            }
        });
        server.start();
        try {
            App lost = radio.app("one").withFlist("http://" + server.getAddress().getAddress().getHostAddress()
                    + ":" + server.getAddress().getPort() + "/lost.flist", packed.sha256());
            assertThatThrownBy(() -> rollout.apply(lost)).isInstanceOf(DeployException.class)
                    .hasMessageMatching("deploy http.*lost\\.flist: chunk [0-9a-f]{32} of .*lost is not in zdb://.*");
        } finally {
            server.stop(0);
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void containerThatVanishedIsMadeAgain() {
        int first = rollout.apply(radio.app("one")).containerId();
        containers.terminate(first, Duration.ofSeconds(20));

        assertThat(rollout.apply(radio.app("one")).containerId()).isNotEqualTo(first);
    }

    @Test
    void programsRunInsideTheContainer() {
        int id = rollout.apply(radio.app("one")).containerId();

        JobResult result = containers.system(id, List.of("/bin/radio", "-x"), Duration.ofSeconds(20));

        assertThat(result.output().stderr()).contains("listen: Address already in use");
        assertThat(result.code().exitStatus()).hasValue(1);
        assertThat(containers.jobs(id)).extracting(j -> j.id()).contains("radio");
    }

    private List<Container> ours() {
        return containers.list().stream().filter(c -> c.name().equals(Radio.NAME)).toList();
    }

    /** The one that this machine has towards the node; nothing is sent to find it out. */
    private InetAddress addressOfThisMachine() throws IOException {
        try (DatagramSocket towards = new DatagramSocket()) {
            towards.connect(new InetSocketAddress(client.address().host(), client.address().port()));
            return towards.getLocalAddress();
        }
    }

    private static App patience(App app) {
        return app.withHealth(app.health().withTimeout(PATIENCE));
    }
}
