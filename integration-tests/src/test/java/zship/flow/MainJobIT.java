package zship.flow;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The story of a new user: up, up again, stream, new passwords, remove, up, stop. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MainJobIT {
    private static final int PORT = 8000;
    private static final String NEW_PASSWORD = "a/b & <c> \"d\" 'e' ü";

    private final Icecast icecast = new Icecast(PORT);

    private Path folder = Path.of("");
    private Zship zship = new Zship(folder, Zship.sharedCache());
    private String password = "";
    private int container;

    @BeforeAll
    void user(@TempDir Path fresh) {
        folder = fresh;
        zship = new Zship(folder.resolve("home"), Zship.sharedCache());
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        zship.close();
    }

    @Test
    @Order(1)
    void upServesIcecastAndSaysWhere() throws IOException, InterruptedException {
        Zship.Run run = zship.ok("up");
        assertThat(run.out()).contains("http://127.0.0.1:8000");
        assertThat(run.err().lines().count() + run.out().lines().count()).isLessThanOrEqualTo(7);
        assertThat(icecast.get("/status-json.xsl")).isEqualTo(200);
        password = Files.readString(zship.state().resolve("secrets/icecast2/ICECAST_SOURCE_PASSWORD"));
        assertThat(icecast.sourceStatus(password)).isIn(100, 200);
        assertThat(icecast.sourceStatus("hackme")).isEqualTo(401);
        assertThat(icecast.sourceStatus("")).isEqualTo(401);
    }

    @Test
    @Order(2)
    void secondUpChangesNothingAndSaysSo() throws IOException, InterruptedException {
        container = containers().get(0).path("id").asInt();
        Zship.Run run = zship.ok("up");
        assertThat(run.out()).contains("is up to date");
        assertThat(containers()).hasSize(1);
        assertThat(containers().get(0).path("id").asInt()).isEqualTo(container);
    }

    @Test
    @Order(3)
    void listenerReceivesWhatTheSourceStreams() throws IOException, InterruptedException {
        byte[] ogg = OggFile.make(folder, 4);
        try (Socket source = icecast.source("/noise.ogg", password)) {
            assertThat(Icecast.status(source)).isIn(100, 200);
            int half = ogg.length / 2;
            source.getOutputStream().write(ogg, 0, half);
            source.getOutputStream().flush();
            try (Socket listener = icecast.listen("/noise.ogg")) {
                source.getOutputStream().write(ogg, half, ogg.length - half);
                source.getOutputStream().flush();
                byte[] heard = listener.getInputStream().readNBytes(20_000);
                assertThat(Arrays.copyOf(heard, 4)).isEqualTo("OggS".getBytes());
                // Icecast writes the heads of Ogg pages anew, so what lies between them is compared.
                long same = IntStream.range(40, 100).map(window -> window * 200)
                        .filter(at -> indexOf(ogg, Arrays.copyOfRange(heard, at, at + 200)) >= 0).count();
                assertThat(same).as("pieces of 60 heard that the streamed file has").isGreaterThanOrEqualTo(40);
            }
        }
    }

    @Test
    @Order(4)
    void commandsLookInside() throws IOException, InterruptedException {
        assertThat(zship.ok("ps").out()).contains("icecast2").contains("8000->8000");
        assertThat(zship.ok("inspect", "icecast2", "--json").json().path("jobs").toString()).contains("\"icecast\"");
        String said = "";
        // A node keeps the last ten messages of a program, and on a slow machine every line is one.
        for (int i = 0; i < 20 && !said.contains("/status-json.xsl"); i++) {
            assertThat(icecast.get("/status-json.xsl")).isEqualTo(200);
            Zship.Run logs = zship.ok("logs", "icecast2");
            said = logs.out() + logs.err();
        }
        assertThat(said).contains("/status-json.xsl");
        assertThat(zship.ok("exec", "icecast2", "--", "/bin/icecast", "-v").out()).contains("2.4.4");
        assertThat(zship.run("exec", "icecast2", "--", "/bin/nothing").code()).isEqualTo(1);
        assertThat(zship.ok("node", "ping").out()).contains(" answers in ", "PONG");
        assertThat(zship.ok("node", "info").out()).contains("memory", "kernel");
        assertThat(zship.ok("node", "jobs", "--in", "icecast2").out()).contains("icecast");
        // A shell is not kept waiting: after two seconds there are no names.
        String names = "";
        for (int i = 0; i < 20 && names.isEmpty(); i++) {
            names = zship.ok("completion", "names").out();
        }
        assertThat(names).isEqualTo("icecast2\n");
        assertThat(zship.ok("doctor").out()).contains("ok    node", "ok    store", "ok    hub", "all is well");
    }

    @Test
    @Order(4)
    void lastLineOfJsonIsTheResult() throws IOException, InterruptedException {
        for (String command : List.of("ps", "inspect icecast2", "logs icecast2", "history icecast2", "node status",
                "node ping", "node info", "node jobs", "hub ls", "hub info local/icecast", "store ping local",
                "exec icecast2 -- /bin/icecast -v")) {
            List<String> words = new ArrayList<>(List.of(command.split(" ")));
            words.add(1, "--json");
            if (words.getFirst().matches("node|hub|store")) {
                words.remove(1);
                words.add(2, "--json");
            }
            JsonNode last = zship.ok(words.toArray(String[]::new)).json();
            assertThat(last.path("event").asString()).as(command).isEqualTo("result");
        }
    }

    @Test
    @Order(5)
    void redeployPutsNewPasswordInForce() throws IOException, InterruptedException {
        zship.ok("redeploy", "icecast2", "-e", "ICECAST_SOURCE_PASSWORD=" + NEW_PASSWORD);
        assertThat(icecast.sourceStatus(password)).isEqualTo(401);
        assertThat(icecast.sourceStatus(NEW_PASSWORD)).isIn(100, 200);
        assertThat(containers()).hasSize(1);
        assertThat(zship.ok("up").out()).as("up afterwards keeps it").contains("is up to date");
    }

    @Test
    @Order(6)
    void brokenRedeployLeavesTheOldOneServing() throws IOException, InterruptedException {
        Zship.Run run = zship.run("redeploy", "icecast2", "-e", "ICECAST_MAX_CLIENTS=abc");
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.err()).as("last output of the service").contains("ICECAST_MAX_CLIENTS");
        assertThat(icecast.sourceStatus(NEW_PASSWORD)).isIn(100, 200);
        assertThat(containers()).hasSize(1);
    }

    @Test
    @Order(7)
    void rollbackReturnsToTheSettingsBefore() throws IOException, InterruptedException {
        zship.ok("redeploy", "icecast2", "-e", "ICECAST_LOCATION=Ghent");
        assertThat(zship.ok("rollback", "icecast2").out()).contains("serves");
        assertThat(icecast.sourceStatus(NEW_PASSWORD)).isIn(100, 200);
        assertThat(containers()).hasSize(1);
        assertThat(zship.ok("up").out()).as("what was there before Ghent is what up wants").contains("is up to date");
        List<String> outcomes = new ArrayList<>();
        zship.ok("history", "icecast2", "--json").json().path("deployments")
                .forEach(entry -> outcomes.add(entry.path("outcome").asString()));
        assertThat(outcomes).hasSizeGreaterThanOrEqualTo(4).contains("unhealthy");
        assertThat(zship.run("rollback", "icecast2", "99").err()).contains("zship history icecast2");
    }

    @Test
    @Order(8)
    void removedContainerComesBackWithoutRebuilding() throws IOException, InterruptedException {
        zship.ok("rm", "icecast2");
        assertThat(containers()).isEmpty();
        Zship.Run up = zship.ok("up", "--json");
        assertThat(up.out().lines().filter(line -> line.contains("\"step\":\"root\"")).findFirst().orElseThrow())
                .contains("\"cached\":true");
        assertThat(icecast.sourceStatus(NEW_PASSWORD)).isIn(100, 200);
    }

    @Test
    @Order(9)
    void containersOutliveTheNodeProcess() throws IOException, InterruptedException {
        int before = containers().get(0).path("id").asInt();
        long pid = zship.ok("node", "status", "--json").json().path("pid").asLong();
        ProcessHandle node = ProcessHandle.of(pid).orElseThrow();
        node.destroyForcibly();
        node.onExit().join();
        assertThat(icecast.get("/status-json.xsl")).as("while the node is dead").isEqualTo(200);
        assertThat(zship.run("ps").code()).isEqualTo(3);
        assertThat(zship.ok("up").out()).contains("is up to date");
        assertThat(containers().get(0).path("id").asInt()).isEqualTo(before);
    }

    @Test
    @Order(10)
    void stoppedNodeLeavesNothing() throws IOException, InterruptedException {
        zship.ok("node", "stop");
        assertThat(zship.run("node", "status").code()).isEqualTo(3);
        assertThat(Leftovers.mountsBelow(folder)).isEmpty();
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    private List<JsonNode> containers() throws IOException, InterruptedException {
        return zship.ok("ps", "--json").json().path("containers").valueStream().toList();
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }
}
