package zship.deployer.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.DeployException;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.health.HealthSettings;
import zship.deployer.node.NodeAddress;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HistoryTest {

    private static final NodeAddress NODE = NodeAddress.of("10.0.0.5:6379");
    private static final Instant TIME = Instant.parse("2026-11-24T05:00:00Z");

    @TempDir
    Path state;

    @Test
    void entriesOfANewAppAreEmpty() {
        assertThat(history().entries()).isEmpty();
        assertThat(history().last()).isEmpty();
    }

    @Test
    void appComesBackAsItWasWhenItsSecretsAreGiven() {
        App app = app("1", "pw");
        add(app, "d1", HistoryEntry.Outcome.HEALTHY);

        HistoryEntry entry = history().last().orElseThrow();

        assertThat(entry.app(Map.of("PASSWORD", Secret.of("pw")))).isEqualTo(app);
        assertThat(entry.secretNames()).containsExactly("PASSWORD");
        assertThat(entry.time()).isEqualTo(TIME);
    }

    @Test
    void secretsAreKeptAsDigestsUnderAKeyOfThisMachine() throws IOException {
        add(app("1", "canary"), "d1", HistoryEntry.Outcome.HEALTHY);
        HistoryEntry entry = history().last().orElseThrow();

        assertThat(history().sameSecret(entry, "PASSWORD", Secret.of("canary"))).isTrue();
        assertThat(history().sameSecret(entry, "PASSWORD", Secret.of("other"))).isFalse();
        assertThat(state.resolve("deployments/10.0.0.5_6379/radio.history.jsonl")).content().doesNotContain("canary");
        assertThat(Files.getPosixFilePermissions(state.resolve("deployments/key"))).hasSize(2);
    }

    @Test
    void fiveGoodOnesAreKeptAndWhatWasTriedSince() {
        add(app("0", "pw"), "bad", HistoryEntry.Outcome.UNHEALTHY);
        for (int i = 1; i <= 7; i++) {
            add(app(String.valueOf(i), "pw"), "d" + i, HistoryEntry.Outcome.HEALTHY);
        }
        add(app("8", "pw"), "worse", HistoryEntry.Outcome.UNHEALTHY);

        assertThat(history().entries()).extracting(HistoryEntry::digest).containsExactly("d3", "d4", "d5", "d6", "d7",
                "worse");
        assertThat(history().entries()).extracting(HistoryEntry::number).containsExactly(4, 5, 6, 7, 8, 9);
    }

    @Test
    void previousIsTheLastGoodOneThatWasDifferent() {
        add(app("1", "pw"), "d1", HistoryEntry.Outcome.HEALTHY);
        add(app("2", "pw"), "d2", HistoryEntry.Outcome.HEALTHY);
        add(app("3", "pw"), "d3", HistoryEntry.Outcome.UNHEALTHY);
        add(app("2", "pw"), "d2", HistoryEntry.Outcome.HEALTHY);

        assertThat(history().previous().orElseThrow().digest()).isEqualTo("d1");
    }

    @Test
    void damagedFileIsNamed() throws IOException {
        add(app("1", "pw"), "d1", HistoryEntry.Outcome.HEALTHY);
        Files.writeString(state.resolve("deployments/10.0.0.5_6379/radio.history.jsonl"), "{broken\n");

        assertThatThrownBy(() -> history().entries()).isInstanceOf(DeployException.class)
                .hasMessageContaining("the history of radio");
    }

    private void add(App app, String digest, HistoryEntry.Outcome outcome) {
        history().add(app, digest, TIME, outcome, 3);
    }

    @Test
    void passwordOfTheStoreIsNotWrittenAndComesBackFromTheSecrets() throws IOException {
        App plain = app("1", "pw");
        App app = plain.withSpec(plain.spec().withStorage("zdb://hidden%2F1@10.0.0.9:9900/radio"));
        add(app, AppDigest.of(app), HistoryEntry.Outcome.HEALTHY);

        HistoryEntry entry = history().last().orElseThrow();

        try (var files = Files.walk(state)) {
            assertThat(files.filter(Files::isRegularFile)).allSatisfy(
                    file -> assertThat(file).content().doesNotContain("hidden"));
        }
        assertThat(entry.secretNames()).contains(ContainerSpec.STORAGE);
        App again = entry.app(app.spec().secrets());
        assertThat(again).isEqualTo(app);
        assertThat(AppDigest.of(again)).isEqualTo(entry.digest());
        assertThat(entry.app(Map.of()).spec().root().storage()).contains("zdb://10.0.0.9:9900/radio");
    }

    private History history() {
        return History.of(state, NODE, "radio");
    }

    private static App app(String version, String password) {
        Secret secret = Secret.of(password);
        ContainerSpec spec = ContainerSpec.of("http://10.0.0.1/x.flist").withName(ContainerName.of("radio"))
                .withEnv(EnvVar.of("VERSION=" + version)).withSecret("PASSWORD", secret);
        return App.of(spec, "ab").withHealth(HealthSettings.icecast(8000, secret));
    }
}
