package zship.deployer.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.deployer.Time;
import zship.deployer.fake.FakeIcecast;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;

class IcecastStreamTest {

    private static final Secret PASSWORD = Secret.of("canary-password");

    @Test
    void listenerReceivesWhatTheSourceSendsAndTheMountGoesAgain() throws InterruptedException {
        try (FakeIcecast icecast = FakeIcecast.start(PASSWORD.expose(), FakeIcecast.Fault.NONE)) {
            HealthReport report = look(icecast, PASSWORD);

            assertThat(report.healthy()).isTrue();
            assertThat(report.probes()).singleElement().satisfies(probe -> assertThat(probe.detail())
                    .matches("a mount appeared, and a listener received [0-9]+ bytes of it"));
            while (!icecast.mounts().isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void wrongPasswordIsSaidWithoutShowingIt() {
        try (FakeIcecast icecast = FakeIcecast.start("other", FakeIcecast.Fault.NONE)) {
            assertThat(fault(icecast)).isEqualTo("a source with the right password is answered 401");
            assertThat(look(icecast, PASSWORD).toString()).doesNotContain("canary");
        }
    }

    @ParameterizedTest
    @CsvSource({"FULL,Icecast has no place for one more source: answered 403",
        "HIDES_MOUNTS,'a source streams, but its mount does not appear in the status'",
        "SENDS_OTHER_BYTES,'a source streams, but a listener does not receive what it sends'",
        "ENDS_LISTENERS,'a source streams, but a listener does not receive what it sends'"})
    void eachStepThatFailsIsNamed(FakeIcecast.Fault fault, String message) {
        try (FakeIcecast icecast = FakeIcecast.start(PASSWORD.expose(), fault)) {
            assertThat(fault(icecast)).isEqualTo(message);
        }
    }

    private static String fault(FakeIcecast icecast) {
        HealthReport report = look(icecast, PASSWORD);
        assertThat(report.healthy()).isFalse();
        return report.probes().getLast().detail();
    }

    private static HealthReport look(FakeIcecast icecast, Secret password) {
        HealthSettings settings = HealthSettings.none().withContainerPort(8000)
                .withCheck(new HealthCheck.IcecastStream(password));
        return new HealthMonitor(new QuickTime(), new Random(1)).look(settings,
                new HealthTarget("127.0.0.1", icecast.port()), Inside.none());
    }

    /** Each look at the clock is 10 ms later, so that limits come without waiting. */
    private static final class QuickTime implements Time {
        private final AtomicLong millis = new AtomicLong();

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return Duration.ofMillis(millis.addAndGet(10)).toNanos();
        }

        @Override
        public void sleep(Duration duration) {
            millis.addAndGet(duration.toMillis());
        }
    }
}
