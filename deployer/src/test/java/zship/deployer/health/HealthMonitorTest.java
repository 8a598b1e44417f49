package zship.deployer.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import zship.deployer.Redaction;
import zship.deployer.Time;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.FakeService.Behaviour;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HealthMonitorTest {

    private static final Secret PASSWORD = Secret.of("s3cret/&\"ü");

    private final HealthMonitor monitor = new HealthMonitor(Time.system(), new Random(1));
    private final List<ProbeResult> probes = new ArrayList<>();

    @Test
    void icecastWithTheRightPasswordIsHealthy() {
        HealthReport report = await(icecast(PASSWORD), FakeService.icecast(PASSWORD.expose()), alive());

        assertThat(report.healthy()).isTrue();
        assertThat(report.probes()).extracting(ProbeResult::check).containsExactly("icecast status",
                "icecast source password");
    }

    @Test
    void icecastWithAnotherPasswordIsNotHealthyAndNeitherPasswordIsShown() {
        assertThatThrownBy(() -> awaitInVain(icecast(PASSWORD), FakeService.icecast("other"), alive()))
                .isInstanceOfSatisfying(HealthException.class, e -> {
                    assertThat(e.why()).contains("the source password given is not in force");
                    assertThat(e + e.report().toString()).doesNotContain(PASSWORD.expose());
                });
    }

    @Test
    void icecastThatTakesAnyPasswordIsNotHealthy() {
        assertThatThrownBy(() -> awaitInVain(icecast(PASSWORD), request -> request.getFirst().startsWith("PUT")
                ? "HTTP/1.0 200 OK\r\n\r\n"
                : FakeService.json("{\"icestats\":{}}"), alive()))
                .hasMessageContaining("a source with a wrong password is answered 200");
    }

    @Test
    void icecastWithAllSourcesInUseStillShowsThatThePasswordIsRight() {
        Behaviour full = request -> request.getFirst().startsWith("PUT") && FakeService.icecast(PASSWORD.expose())
                .answer(request).contains("100")
                        ? "HTTP/1.0 403 Forbidden\r\n\r\n"
                        : FakeService.icecast(PASSWORD.expose()).answer(request);

        assertThat(await(icecast(PASSWORD), full, alive()).healthy()).isTrue();
    }

    @Test
    void icecastIsTriedAgainWhileItsStatusIsInvalidJson() {
        AtomicInteger calls = new AtomicInteger();
        Behaviour young = request -> request.getFirst().startsWith("GET") && calls.incrementAndGet() < 3
                ? FakeService.json("{\"icestats\":{\"dummy\":null,}}")
                : FakeService.icecast(PASSWORD.expose()).answer(request);

        HealthReport report = await(icecast(PASSWORD), young, alive());

        assertThat(report.probes()).extracting(ProbeResult::detail).containsExactly(
                "/status-json.xsl is not valid JSON yet", "ok", "ok");
        assertThat(calls).hasValue(3);
    }

    @Test
    void icecastProbesSayWhatASourceSaysAndUseRandomMounts() {
        List<List<String>> puts = new CopyOnWriteArrayList<>();
        await(icecast(PASSWORD), request -> {
            if (request.getFirst().startsWith("PUT")) {
                puts.add(request);
            }
            return FakeService.icecast(PASSWORD.expose()).answer(request);
        }, alive());

        assertThat(puts).hasSize(2).allSatisfy(put -> {
            assertThat(put.getFirst()).matches("PUT /zship-probe-[0-9a-f]{16}\\.ogg HTTP/1\\.1");
            assertThat(put).contains("Content-Type: application/ogg", "Expect: 100-continue", "Ice-Public: 0");
        });
        assertThat(puts.get(0).getFirst()).isNotEqualTo(puts.get(1).getFirst());
        assertThat(new String(Base64.getDecoder().decode(puts.get(1).stream().filter(l -> l.startsWith("Auth"))
                .findFirst().orElseThrow().split(" ")[2]), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("source:" + PASSWORD.expose());
    }

    @Test
    void httpWaitsForItsStatus() {
        AtomicInteger calls = new AtomicInteger();
        await(HealthSettings.http(80, "/up"), r -> calls.incrementAndGet() < 2
                ? "HTTP/1.1 503 Busy\r\n\r\n"
                : "HTTP/1.1 200 OK\r\n\r\n", alive());

        assertThat(probes).extracting(ProbeResult::detail).containsExactly("GET /up answers 503 instead of 200", "ok");
    }

    @Test
    void httpWaitsForWhatTheBodyMustContain() {
        AtomicInteger calls = new AtomicInteger();
        await(HealthSettings.none().withContainerPort(80).withCheck(new HealthCheck.Http("/", 200, "on air")),
                r -> FakeService.json(calls.incrementAndGet() < 2 ? "starting" : "radio on air"), alive());

        assertThat(probes).extracting(ProbeResult::detail)
                .containsExactly("the body of / does not contain 'on air'", "ok");
    }

    @Test
    void httpThatIsNoHttpSaysSo() {
        assertThatThrownBy(() -> awaitInVain(HealthSettings.http(80, "/"), r -> "SSH-2.0-x\r\n\r\n", alive()))
                .hasMessageContaining("the answer is not http");
    }

    @Test
    void portThatStaysOpenIsHealthy() {
        assertThat(await(HealthSettings.port(80), r -> "", alive()).healthy()).isTrue();
    }

    @Test
    void portThatIsClosedAtOnceHasNothingBehindIt() throws IOException {
        try (ServerSocket forward = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> closeAll(forward));
            assertThatThrownBy(() -> awaitInVain(HealthSettings.port(80), forward.getLocalPort(), alive()))
                    .hasMessageContaining("nothing listens behind it");
        }
    }

    @Test
    void closedPortIsReportedWithWhatListensInside() throws IOException {
        int closed = closedPort();
        assertThatThrownBy(() -> awaitInVain(HealthSettings.port(80), closed, life("tcp 0.0.0.0:81")))
                .hasMessageContaining("connection refused")
                .hasMessageContaining("nothing in the container listens on port 80");
        assertThatThrownBy(() -> awaitInVain(HealthSettings.port(80), closed, life("tcp 127.0.0.1:80")))
                .hasMessageContaining("it listens on 127.0.0.1 only");
    }

    @Test
    void deadServiceFailsAtOnceWithItsLastOutputWithoutSecrets() {
        Liveness dead = new FixedLife(new Liveness.State.Dead("service 'icecast' ended: exit status 1",
                Optional.of("using password " + PASSWORD.expose() + "\nFATAL: no port")), Optional.empty());

        assertThatThrownBy(() -> await(icecast(PASSWORD).withTimeout(Duration.ofMinutes(5)), r -> "", dead))
                .isInstanceOfSatisfying(HealthException.class, e -> {
                    assertThat(e.why()).isEqualTo("service 'icecast' ended: exit status 1");
                    assertThat(e.report().lastOutput()).hasValue("using password ***\nFATAL: no port");
                });
    }

    @Test
    void withoutChecksTheContainerMustHaveAnswered() {
        assertThat(await(HealthSettings.none(), 0, alive()).healthy()).isTrue();
        assertThatThrownBy(() -> awaitInVain(HealthSettings.none(), 0,
                new FixedLife(new Liveness.State.Unknown(), Optional.empty())))
                .hasMessageContaining("it does not answer");
    }

    @Test
    void lookSaysWhatHoldsRightNow() throws IOException {
        assertThat(monitor.look(HealthSettings.port(80), new HealthTarget("127.0.0.1", closedPort()),
                Inside.none()).healthy())
                .isFalse();
    }

    private HealthReport awaitInVain(HealthSettings settings, Behaviour behaviour, Liveness life) {
        return await(shortly(settings), behaviour, life);
    }

    private HealthReport awaitInVain(HealthSettings settings, int port, Liveness life) {
        return await(shortly(settings), port, life);
    }

    /** Only where nothing is lost when the machine is busy all that time. */
    private static HealthSettings shortly(HealthSettings settings) {
        return settings.withTimeout(Duration.ofSeconds(1));
    }

    private HealthReport await(HealthSettings settings, Behaviour behaviour, Liveness life) {
        try (FakeService service = FakeService.listen(0, behaviour)) {
            return await(settings, service.port(), life);
        }
    }

    private HealthReport await(HealthSettings settings, int port, Liveness life) {
        return monitor.await(new HealthMonitor.Subject("radio", 3), settings.withInterval(Duration.ofMillis(20)),
                new HealthTarget("127.0.0.1", port), life, probes::add, new Redaction(List.of(PASSWORD)));
    }

    private static HealthSettings icecast(Secret password) {
        return HealthSettings.icecast(8000, password);
    }

    private static Liveness alive() {
        return life();
    }

    private static Liveness life(String... sockets) {
        return new FixedLife(new Liveness.State.Alive(), Optional.of(List.of(sockets)));
    }

    private record FixedLife(Liveness.State state, Optional<List<String>> known) implements Liveness {

        @Override
        public State check() {
            return state;
        }

        @Override
        public Optional<List<String>> sockets() {
            return known;
        }

        @Override
        public Inside inside() {
            return Inside.none();
        }

        @Override
        public Optional<String> lastOutput() {
            return Optional.empty();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void closeAll(ServerSocket forward) {
        while (!forward.isClosed()) {
            try {
                forward.accept().close();
            } catch (IOException e) {
                return;
            }
        }
    }
}
