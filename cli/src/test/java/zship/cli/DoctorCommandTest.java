package zship.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class DoctorCommandTest {
    private static final String NOWHERE = "127.0.0.1:1";

    @TempDir
    Path home;

    private static Map<String, JsonNode> checks(Cli.Run run) {
        Map<String, JsonNode> checks = new HashMap<>();
        run.last().path("checks").forEach(check -> checks.put(check.path("name").asString(), check));
        return checks;
    }

    @Test
    void eachThingIsNamedAndWhatIsMissingHasARemedy() {
        Cli.Run run = new Cli(home).with("ZSHIP_NODE", NOWHERE).with("ZSHIP_STORE", "zdb://" + NOWHERE)
                .with("ZSHIP_HUB", "http://" + NOWHERE).run("doctor", "--json");

        Map<String, JsonNode> checks = checks(run);
        assertThat(checks).containsKeys("java", "system", "user", "cache folder", "state folder", "build packages",
                "programs", "namespaces", "network", "overlay", "fuse", "clock", "settings", "node", "store", "hub");
        assertThat(checks.get("java").path("verdict").asString()).isEqualTo("ok");
        for (String side : new String[]{"node", "store", "hub"}) {
            assertThat(checks.get(side).path("verdict").asString()).isEqualTo("fail");
            assertThat(checks.get(side).path("found").asString()).contains(NOWHERE);
            assertThat(checks.get(side).path("remedy").asString()).contains("zship " + side);
        }
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.last().path("failed").asInt()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void missingProgramIsNamedWithItsPackage() {
        Cli.Run run = new Cli(home).with("PATH", "/nonexistent").run("doctor", "--json");

        assertThat(checks(run).get("programs").path("found").asString()).contains("slirp4netns", "runc");
        assertThat(checks(run).get("programs").path("remedy").asString()).contains("apt-get install");
        assertThat(run.code()).isEqualTo(3);
    }

    @Test
    void wrongSettingAndFolderAreFound() throws IOException {
        Path project = Files.writeString(home.resolve("my.toml"), "nam = \"radio\"\n");
        Path file = Files.writeString(home.resolve("file"), "");

        Cli.Run run = new Cli(home).with("XDG_STATE_HOME", file.toString()).run("doctor", project.toString(), "--json");

        assertThat(checks(run).get("settings").path("found").asString()).contains("nam", "line 1");
        assertThat(checks(run).get("settings").path("remedy").asString()).contains("name");
        assertThat(checks(run).get("state folder").path("verdict").asString()).isEqualTo("fail");
    }

    @Test
    void clockThatDiffersFromTheHubsIsNoted() throws IOException {
        Map<String, JsonNode> behind = checks(withHubAt(Instant.now().minusSeconds(7200)));
        assertThat(behind.get("hub").path("verdict").asString()).isEqualTo("note");
        assertThat(behind.get("hub").path("found").asString()).contains("differ by 7");
        assertThat(behind.get("hub").path("remedy").asString()).contains("clock");

        Map<String, JsonNode> right = checks(withHubAt(Instant.now()));
        assertThat(right.get("hub").path("verdict").asString()).isEqualTo("ok");
    }

    /** What the doctor says of a hub with this time; written by hand since the JDK's server sets the date itself. */
    private Cli.Run withHubAt(Instant time) throws IOException {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
        try (ServerSocket hub = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket client = hub.accept()) {
                    BufferedReader request = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    while (!request.readLine().isEmpty()) {
                        Thread.onSpinWait();
                    }
                    client.getOutputStream().write(("HTTP/1.1 200 OK\r\nDate: " + date
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return new Cli(home).with("ZSHIP_HUB", "http://127.0.0.1:" + hub.getLocalPort()).run("doctor", "--json");
        }
    }
}
