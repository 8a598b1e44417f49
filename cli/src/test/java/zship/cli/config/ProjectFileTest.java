package zship.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.cli.failure.CliException;
import zship.cli.failure.Failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProjectFileTest {
    @TempDir
    Path folder;

    @Test
    void readsEveryKey() throws IOException {
        ProjectFile project = ProjectFile.read(write("""
                name   = "icecast2"
                recipe = "icecast"
                node   = "10.0.0.5:6379"
                hub    = "https://hub.example"
                store  = "zdb://store.example:9900"

                [ports]
                8000 = 8001

                [env]
                ICECAST_HOSTNAME = "radio.example.org"
                ICECAST_MAX_CLIENTS = 5

                [secrets]
                ICECAST_SOURCE_PASSWORD = { file = "secrets/source" }
                ICECAST_ADMIN_PASSWORD  = { env = "RADIO_ADMIN" }

                [health]
                path = "/status-json.xsl"
                timeout = "5s"
                """));
        assertThat(project.name()).contains("icecast2");
        assertThat(project.recipe()).contains("icecast");
        assertThat(project.node()).contains("10.0.0.5:6379");
        assertThat(project.hub()).contains("https://hub.example");
        assertThat(project.store()).contains("zdb://store.example:9900");
        assertThat(project.ports()).containsExactlyEntriesOf(java.util.Map.of("8000", 8001));
        assertThat(project.env()).containsEntry("ICECAST_HOSTNAME", "radio.example.org")
                .containsEntry("ICECAST_MAX_CLIENTS", "5");
        assertThat(project.secrets())
                .containsEntry("ICECAST_SOURCE_PASSWORD", new SecretSource.File(folder.resolve("secrets/source")))
                .containsEntry("ICECAST_ADMIN_PASSWORD", new SecretSource.Environment("RADIO_ADMIN"));
        assertThat(project.healthPath()).contains("/status-json.xsl");
        assertThat(project.healthTimeout()).contains("5s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"naem = \"x\" | unknown key naem | line 2 | did you mean name?",
        "[healht] | unknown key healht | line 2 | did you mean health?",
        "zzzzzzzzz = 1 | unknown key zzzzzzzzz | line 2 | known keys: env, health, hub",
        "name = 7 | wrong value for name | line 2 | mend the file"})
    void unknownOrWrongKeyNamesLineAndRemedy(String line, String what, String why, String hint) throws IOException {
        Path file = write("# a comment\n" + line + "\n");
        assertThatThrownBy(() -> ProjectFile.read(file)).isInstanceOfSatisfying(CliException.class, e -> {
            Failure failure = e.failure();
            assertThat(failure.code()).isEqualTo(2);
            assertThat(failure.what()).isEqualTo(what);
            assertThat(failure.why()).contains(why).contains(file.toString());
            assertThat(failure.hint()).contains(hint);
        });
    }

    @Test
    void secretValueInTheFileIsRefusedWithoutRepeatingIt() throws IOException {
        Path file = write("[secrets]\nICECAST_SOURCE_PASSWORD = \"canary-77\"\n");
        assertThatThrownBy(() -> ProjectFile.read(file)).isInstanceOfSatisfying(CliException.class,
                e -> assertThat(e.failure().toString()).contains("line 2").doesNotContain("canary-77"));
    }

    @Test
    void brokenTomlNamesTheLine() throws IOException {
        Path file = write("name = \"x\"\nports = [\n");
        assertThatThrownBy(() -> ProjectFile.read(file)).isInstanceOfSatisfying(CliException.class,
                e -> assertThat(e.failure().why()).contains("line"));
    }

    @Test
    void missingFileSaysSo() {
        assertThatThrownBy(() -> ProjectFile.read(folder.resolve("none.toml"))).isInstanceOfSatisfying(
                CliException.class, e -> assertThat(e.failure().why()).isEqualTo("there is no such file"));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("zship.toml"), text);
    }
}
