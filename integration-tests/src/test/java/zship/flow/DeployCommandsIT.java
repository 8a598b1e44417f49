package zship.flow;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
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

import zship.loopback.FreePort;
import zship.loopback.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Planning, proving, looking inside and changing a container, by the commands a user types. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployCommandsIT {
    private Path folder = Path.of("");
    private Zship zship = new Zship(folder, Zship.sharedCache());
    private int port;
    private String ports = "";

    @BeforeAll
    void user(@TempDir Path fresh) throws IOException {
        folder = fresh;
        zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        port = FreePort.choose();
        ports = port + ":8000";
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        zship.close();
    }

    @Test
    @Order(1)
    void planBeforeAnythingSaysWhatWouldBeDoneAndDoesNothing() throws IOException, InterruptedException {
        Zship.Run run = zship.run("plan", "-p", ports);
        assertThat(run.code()).isEqualTo(10);
        assertThat(run.out()).contains("the local node is not running");
        assertThat(zship.run("node", "status").code()).isEqualTo(3);
        assertThat(zship.state().resolve("secrets")).doesNotExist();
    }

    @Test
    @Order(2)
    void planAfterUpIsEmptyAndTellsTheCauseOfAChange() throws IOException, InterruptedException {
        zship.ok("up", "-p", ports);
        JsonNode plan = zship.ok("plan", "-p", ports, "--json").json();
        assertThat(plan.path("changes").asBoolean(true)).isFalse();
        assertThat(plan.path("operations")).allSatisfy(it -> assertThat(it.path("operation").asString())
                .isEqualTo("keep"));
        Zship.Run changed = zship.run("plan", "-p", ports, "-e", "ICECAST_LOCATION=Ghent");
        assertThat(changed.code()).isEqualTo(10);
        assertThat(changed.out()).containsPattern("deploy +replace +local: its flist, settings or ports changed");
        assertThat(zship.ok("up", "-p", ports).out()).contains("is up to date");
    }

    @Test
    @Order(3)
    void smokeProvesTheStreamAndRefusesAWrongPassword() throws IOException, InterruptedException {
        assertThat(zship.ok("smoke", "icecast2").out()).contains("icecast source password")
                .containsPattern("ok +icecast stream +a mount appeared, and a listener received \\d+ bytes");
        assertThat(zship.ok("smoke", "http://127.0.0.1:" + port + "/status-json.xsl").out()).contains("GET /status");
        Path wrong = Files.writeString(folder.resolve("wrong"), "canary-wrong");
        Zship.Run run = zship.run("smoke", "icecast2", "--password", "file:" + wrong);
        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out() + run.err()).contains("is not in force").doesNotContain("canary-wrong");
    }

    @Test
    @Order(4)
    void directoriesAndFilesAreReadAlthoughTheRootHasNoPrograms() throws IOException, InterruptedException {
        assertThat(zship.ok("ls", "icecast2").out().lines()).contains("bin/", ".startup.toml");
        assertThat(zship.ok("ls", "icecast2", "/bin", "-l").out()).containsPattern("0?755 +\\d+ icecast");
        assertThat(zship.ok("cat", "icecast2", "/.startup.toml").out()).contains("[startup.icecast]");
        assertThat(zship.ok("cat", "icecast2", "/bin/icecast").out().getBytes(StandardCharsets.UTF_8))
                .startsWith(0x7f, 'E', 'L', 'F').hasSizeGreaterThan(100_000);
        Zship.Run missing = zship.run("cat", "icecast2", "/nowhere");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("no such file or directory");
    }

    @Test
    @Order(5)
    void portsOfARunningContainerComeAndGo() throws IOException, InterruptedException {
        int other = FreePort.choose();
        zship.ok("port", "add", "icecast2", other + ":8000");
        assertThat(new Icecast(other).get("/status-json.xsl")).isEqualTo(200);
        assertThat(zship.run("port", "add", "icecast2", other + ":8000").err()).contains("already in use");
        zship.ok("port", "rm", "icecast2", String.valueOf(other));
        Zship.Run again = zship.run("port", "rm", "icecast2", String.valueOf(other));
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("it has " + port + "->8000");
    }

    @Test
    @Order(6)
    void everythingACreateTakesReachesTheContainerAndARedeployKeepsIt() throws IOException, InterruptedException {
        String flist = zship.ok("inspect", "icecast2", "--json").json().path("flist").asString();
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("note"), "from the node");
        Path motd = Files.writeString(folder.resolve("motd"), "hello");
        int second = FreePort.choose();
        zship.ok("deploy", flist, "--name", "full", "--recipe", "icecast", "-p", second + ":8000", "--hostname",
                "radio1",
                "--mount", data + ":/data", "--file", "/etc/motd=" + motd, "--tag", "team=radio", "--nic", "default",
                "--health-path", "/status-json.xsl", "--health-body", "icestats", "--drain", "100ms");
        JsonNode before = zship.ok("inspect", "full", "--json").json();
        assertThat(before.path("hostname").asString()).isEqualTo("radio1");
        assertThat(before.path("tags").toString()).contains("team=radio");
        assertThat(zship.ok("cat", "full", "/data/note").out()).isEqualTo("from the node");
        zship.ok("redeploy", "full", "-e", "ICECAST_LOCATION=Ghent");
        JsonNode after = zship.ok("inspect", "full", "--json").json();
        assertThat(after.path("id").asInt()).isNotEqualTo(before.path("id").asInt());
        assertThat(after.path("hostname").asString()).isEqualTo("radio1");
        assertThat(zship.ok("cat", "full", "/data/note").out()).isEqualTo("from the node");
        assertThat(zship.ok("cat", "full", "/etc/motd").out()).isEqualTo("hello");
        zship.ok("rm", "full");
    }

    @Test
    @Order(7)
    void valueThatCannotWorkIsRefusedBeforeAnythingIsSent() throws IOException, InterruptedException {
        for (List<String> wrong : List.of(List.of("--nic", "bridge"), List.of("--mount", "data:/data"),
                List.of("--storage", "ardb://x"), List.of("--hostname", "a".repeat(100)), List.of("--cgroup", "memory"),
                List.of("--file", "/x=/nonexistent"), List.of("--insecure", "--accept-new-cert"))) {
            List<String> command = new java.util.ArrayList<>(
                    List.of("deploy", "http://127.0.0.1:1/x.flist", "--name", "x"));
            command.addAll(wrong);
            Zship.Run run = zship.run(command.toArray(String[]::new));
            assertThat(run.code()).as(wrong + run.err()).isEqualTo(2);
        }
    }

    @Test
    @Order(8)
    void chunksAreLookedForWhereTheRoutingTableOfTheFlistSays() throws IOException, InterruptedException {
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), tree.resolve("bin/httpd"));
        Files.writeString(tree.resolve("index.html"), "served");
        Files.writeString(tree.resolve(".startup.toml"), """
                [startup.web]
                name = "core.system"
                args = {name = "/bin/httpd", args = ["-f", "-p", "8000", "-h", "/"]}
                """);
        Path flist = folder.resolve("far.flist");
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        web.createContext("/", request -> {
            request.sendResponseHeaders(200, Files.size(flist));
            try (OutputStream out = request.getResponseBody()) {
                Files.copy(flist, out);
            }
        });
        web.start();
        try (RedisServer near = RedisServer.start(Files.createDirectories(folder.resolve("near")));
                RedisServer far = RedisServer.start(Files.createDirectories(folder.resolve("far")))) {
            zship.ok("pack", tree.toString(), "-o", flist.toString(), "--store", "redis://127.0.0.1:" + far.port(),
                    "--router", table("one", near, near).toString());
            Zship.Run lacking = deploy(web, "lacking");
            assertThat(lacking.code()).as(lacking.err()).isEqualTo(5);
            assertThat(lacking.err())
                    .containsPattern("chunk [0-9a-f]{32} of /\\S+ is not in the servers of the flist's "
                            + "routing table, nor in zdb://");

            zship.ok("flist", "router", flist.toString(), table("both", near, far).toString());
            Zship.Run run = deploy(web, "whole");
            assertThat(run.code()).as(run.err()).isZero();
            zship.ok("rm", "whole");
        } finally {
            web.stop(0);
        }
    }

    private Zship.Run deploy(HttpServer web, String name) throws IOException, InterruptedException {
        return zship.run("deploy", "http://127.0.0.1:" + web.getAddress().getPort() + "/" + name + ".flist", "--name",
                name, "-p", FreePort.choose() + ":8000", "--health-path", "/index.html", "--health-body", "served");
    }

    private Path table(String name, RedisServer first, RedisServer second) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                pools: {near: {"00:ff": "redis://127.0.0.1:%d"}, far: {"00:ff": "redis://127.0.0.1:%d"}}
                lookup: [near, far]
                """.formatted(first.port(), second.port()));
    }
}
