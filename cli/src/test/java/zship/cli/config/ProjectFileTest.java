package zship.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.cli.failure.CliException;
import zship.cli.failure.Failure;
import zship.deployer.container.ContainerSpec.Cgroup;
import zship.deployer.container.Mount;
import zship.deployer.container.Nic;

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
        assertThat(project.nodes()).containsExactly("10.0.0.5:6379");
        assertThat(project.hub()).contains("https://hub.example");
        assertThat(project.store()).contains("zdb://store.example:9900");
        assertThat(project.ports()).containsExactlyEntriesOf(java.util.Map.of("8000", 8001));
        assertThat(project.env()).containsEntry("ICECAST_HOSTNAME", "radio.example.org")
                .containsEntry("ICECAST_MAX_CLIENTS", "5");
        assertThat(project.secrets())
                .containsEntry("ICECAST_SOURCE_PASSWORD", new SecretSource.File(folder.resolve("secrets/source")))
                .containsEntry("ICECAST_ADMIN_PASSWORD", new SecretSource.Environment("RADIO_ADMIN"));
        assertThat(project.health().path()).contains("/status-json.xsl");
        assertThat(project.health().timeout()).contains("5s");
    }

    @Test
    void wayToBuildIsReadWithPathsBesideTheFile() throws IOException {
        Path file = write("""
                profile = "small"
                features = ["theora", "speex"]
                sh = "dash"
                ca_bundle = "certs/own.pem"
                """);
        assertThat(ProjectFile.read(file).build()).isEqualTo(new BuildConfig(Optional.of("small"),
                Optional.of("theora,speex"), Optional.of("dash"), Optional.of(folder + "/certs/own.pem"),
                Map.of("profile", file + " line 1", "features", file + " line 2", "sh", file + " line 3", "ca_bundle",
                        file + " line 4")));
        BuildConfig nothing = ProjectFile.read(write("features = []\nca_bundle = \"none\"\n")).build();
        assertThat(nothing.features()).contains("none");
        assertThat(nothing.caBundle()).contains("none");
        assertThat(ProjectFile.read(write("features = \"tls\"\n")).build().features()).contains("tls");
        assertThat(ProjectFile.read(write("name = \"x\"\n")).build()).isEqualTo(BuildConfig.EMPTY);
    }

    @Test
    void everythingACreateTakesCanBeSaid() throws IOException {
        ProjectFile project = ProjectFile.read(write("""
                node = ["10.0.0.5", "10.0.0.6:6379"]
                storage = "zdb://10.0.0.1:9900"
                hostname = "radio"
                privileged = true
                host_network = false
                identity = { file = "zt" }
                nics = ["default", "bridge:br0,name=lan0,ip=10.1.0.2/24,dns=10.1.0.1+10.1.0.3"]
                tags = ["team=radio"]
                cgroups = ["memory/small"]

                [mounts]
                "/data" = "/var/lib/data"

                [files]
                "/etc/motd" = "motd.txt"

                [health]
                enabled = true
                port = 80
                status = 204
                body = "ok"
                log = "^ready"
                command = ["/bin/check", "-q"]
                stream = true
                interval = "500ms"

                [rollout]
                token = { env = "JWT" }
                parallel = 2
                drain = "5s"
                """));
        assertThat(project.nodes()).containsExactly("10.0.0.5", "10.0.0.6:6379");
        assertThat(project.container()).isEqualTo(new ContainerConfig(Optional.of("zdb://10.0.0.1:9900"),
                Optional.of("radio"), Optional.of(true), Optional.of(false),
                Optional.of(new SecretSource.File(folder.resolve("zt"))),
                List.of(Nic.ofDefault(), Nic.of(Nic.Type.BRIDGE, "br0").withName("lan0")
                        .withConfig(new Nic.Config(false, Optional.of("10.1.0.2/24"), Optional.empty(),
                                List.of("10.1.0.1", "10.1.0.3")))),
                List.of(new Mount("/data", "/var/lib/data")), Map.of("/etc/motd", folder.resolve("motd.txt")),
                List.of("team=radio"), List.of(new Cgroup("memory", "small"))));
        assertThat(project.health()).isEqualTo(new HealthConfig(Optional.of(true), Optional.of(80), Optional.empty(),
                Optional.of(204), Optional.of("ok"), Optional.of("^ready"), List.of("/bin/check", "-q"),
                Optional.of(true), Optional.empty(), Optional.of("500ms")));
        assertThat(project.rollout()).isEqualTo(new RolloutConfig(Optional.of(new SecretSource.Environment("JWT")),
                Optional.of(2), Optional.of("5s")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"nics = [\"bridge\"] | wrong value for nics | needs what it is connected to",
        "cgroups = [\"memory\"] | wrong value for cgroups | there is no '/'",
        "privileged = \"yes\" | wrong value for privileged | must be true or false",
        "features = [1] | wrong value for features | must be a list of strings",
        "sh = true | wrong value for sh | must be a string",
        "tags = \"a\" | wrong value for tags | must be a list of strings",
        "identity = \"canary-78\" | wrong value for identity | a secret is never in this file"})
    void wrongValueOfAContainerNamesLineAndReason(String line, String what, String why) throws IOException {
        Path file = write("# a comment\n" + line + "\n");
        assertThatThrownBy(() -> ProjectFile.read(file)).isInstanceOfSatisfying(CliException.class, e -> {
            assertThat(e.failure().what()).isEqualTo(what);
            assertThat(e.failure().why()).contains("line 2").contains(why).doesNotContain("canary-78");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"naem = \"x\" | unknown key naem | line 2 | did you mean name?",
        "[healht] | unknown key healht | line 2 | did you mean health?",
        "profil = \"x\" | unknown key profil | line 2 | did you mean profile?",
        "ca-bundle = \"x\" | unknown key ca-bundle | line 2 | did you mean ca_bundle?",
        "zzzzzzzzz = 1 | unknown key zzzzzzzzz | line 2 | known keys: ca_bundle, cgroups, env, features, files, health",
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
