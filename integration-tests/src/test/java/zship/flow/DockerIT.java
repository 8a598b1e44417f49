package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.github.dockerjava.api.DockerClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.JsonNode;

import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** The archives as Docker sees them: imported as they are, they run with nothing but a command and an environment. */
class DockerIT {
    private static final String PASSWORD = "a/b & <c> ü";
    private static final int KILLED = 137;
    private static final int STOP_SECONDS = 60;

    @TempDir
    static Path folder;

    private static final String USER_HOME = System.getProperty("user.home");

    private static DockerDaemon docker;

    @BeforeAll
    static void startDocker() throws IOException, InterruptedException {
        SharedCache.require("small");
        docker = DockerDaemon.start(folder.resolve("docker"));
        // Where Testcontainers looks for its settings; the host is another one for each run.
        Files.writeString(folder.resolve(".testcontainers.properties"), "docker.host=" + docker.host() + "\n");
        System.setProperty("user.home", folder.toString());
    }

    @AfterAll
    static void stopDocker() throws Exception {
        System.setProperty("user.home", USER_HOME);
        docker.close();
        assertThat(Leftovers.mountsBelow(folder)).isEmpty();
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "slim", "small"})
    void icecastStreamsWithThePasswordOfItsEnvironmentAndStops(String profile) throws Exception {
        int port = FreePort.choose();
        Icecast icecast = new Icecast(port);
        try (GenericContainer<?> container = container(built("--profile", profile), "zship/icecast:" + profile,
                Map.of("ICECAST_PORT", String.valueOf(port), "ICECAST_SOURCE_PASSWORD", PASSWORD,
                        "ICECAST_ADMIN_PASSWORD", "other"))) {
            container.start();
            awaitAnswer(container, () -> icecast.get("/status-json.xsl"));
            assertThat(icecast.sourceStatus("hackme")).isEqualTo(401);
            assertThat(icecast.sourceStatus("other")).isEqualTo(401);
            ProfilesIT.streams(icecast, PASSWORD, "/radio.ogg", OggFile.make(folder, 4), "OggS");
            assertThat(exitCodeOfStop(container)).isZero();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "zship.profiles", matches = "all", disabledReason = "it compiles OpenSSL, which takes "
            + "minutes: ./check -Dzship.profiles=all")
    void fullIcecastStreamsAndStopsToo() throws Exception {
        icecastStreamsWithThePasswordOfItsEnvironmentAndStops("full");
    }

    @Test
    void wrongSettingEndsTheContainerAndIsInItsLog() throws Exception {
        try (GenericContainer<?> container = container(built("--profile", "small"), "zship/icecast:wrong",
                Map.of("ICECAST_PORT", "many"))) {
            container.withStartupCheckStrategy(new Ended().withTimeout(Duration.ofMinutes(2)));
            container.start();
            assertThat(container.getCurrentContainerInfo().getState().getExitCodeLong()).isNotZero();
            assertThat(container.getLogs()).contains("ICECAST_PORT").contains("many");
        }
    }

    @Test
    void otherRecipeTakesItsPasswordFromTheEnvironmentToo() throws Exception {
        int port = FreePort.choose();
        String secret = "ein / pass & <wort> ü";
        try (GenericContainer<?> container = container(built(RecipeIT.RECIPE.toString()), "zship/mini-httpd:test",
                Map.of("HTTPD_PORT", String.valueOf(port), "HTTPD_PASSWORD", secret))) {
            container.start();
            awaitAnswer(container, () -> RecipeIT.status(port, "/", ""));
            assertThat(RecipeIT.status(port, "/private/", "")).isEqualTo(401);
            assertThat(RecipeIT.status(port, "/private/", "wrong")).isEqualTo(401);
            assertThat(RecipeIT.status(port, "/private/", secret)).isEqualTo(200);
            assertThat(container.getLogs()).doesNotContain(secret);
            assertThat(exitCodeOfStop(container)).as("it ends by itself").isNotEqualTo(KILLED);
        }
    }

    private static Path built(String... arguments) throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        String[] command = new String[arguments.length + 2];
        command[0] = "build";
        command[1] = "--json";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        JsonNode result = zship.ok(command).json();
        return Path.of(result.path("archive").asString());
    }

    /** A container that was not started: in the network of this machine, since the daemon has no other. */
    private static GenericContainer<?> container(Path archive, String image, Map<String, String> environment)
            throws IOException, InterruptedException {
        docker.load(archive, image);
        return new GenericContainer<>(DockerImageName.parse(image)).withNetworkMode("host")
                .withCommand("/bin/launcher").withEnv(environment);
    }

    /** Asks for a status. */
    private interface Question {
        int ask() throws IOException;
    }

    private static void awaitAnswer(GenericContainer<?> container, Question question) {
        IOException last = new IOException("nothing was asked");
        while (container.isRunning()) {
            try {
                assertThat(question.ask()).isEqualTo(200);
                return;
            } catch (IOException notYet) {
                last = notYet;
            }
        }
        throw new AssertionError("the container ended: " + container.getLogs(), last);
    }

    private static long exitCodeOfStop(GenericContainer<?> container) {
        container.getDockerClient().stopContainerCmd(container.getContainerId()).withTimeout(STOP_SECONDS).exec();
        return container.getDockerClient().inspectContainerCmd(container.getContainerId()).exec().getState()
                .getExitCodeLong();
    }

    /** Takes a container for started when it has ended, whatever its exit code. */
    private static final class Ended extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            boolean running = Boolean.TRUE.equals(client.inspectContainerCmd(id).exec().getState().getRunning());
            return running ? StartupStatus.NOT_YET_KNOWN : StartupStatus.SUCCESSFUL;
        }
    }
}
