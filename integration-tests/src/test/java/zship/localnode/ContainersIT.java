package zship.localnode;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import zship.flist.disk.ChangingTree;
import zship.localnode.mount.RootMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ContainersIT extends RunningNode {
    private static final List<Map<String, Object>> NETWORK = List.of(Map.of("type", "default"));

    private static final String ECHO = """
            socket(S, PF_INET, SOCK_DGRAM, 0) && bind(S, sockaddr_in(5000, INADDR_ANY)) or die;
            while (my $peer = recv(S, my $text, 100, 0)) { send(S, "echo $text", 0, $peer) }
            """;

    @BeforeEach
    void start() throws IOException {
        open(RootMode.LAZY);
    }

    @Test
    void containerServesWhatIsInTheFlistAndLeavesNothing() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int port = BusyboxRoot.freePort();
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000),
                "name", "web", "env", Map.of("SECRET", "canary-/&<\"' ü")));
        assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
        assertThat(queue.shell(id, "env")).contains("SECRET=canary-/&<\"' ü\n", "HOME=/\n",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n");
        assertThat(jobs(id)).contains("web");
        assertThat(NodeQueue.data(queue.run("corex.get", Map.of("query", "WEB"))).get("id").asInt()).isEqualTo(id);
        assertThat(filesHolding("canary-")).allMatch(file -> file.endsWith("container.json"));
        queue.run("corex.terminate", Map.of("container", id));
        assertThat(queue.result("core-" + id).get("state").stringValue()).isEqualTo("SUCCESS");
        assertThat(Remains.ofContainers(folder)).isEmpty();
        assertThat(queue.run("corex.terminate", Map.of("container", id)).get("data").stringValue())
                .contains("no container with id '" + id + "'");
    }

    private List<String> filesHolding(String text) throws IOException {
        List<String> found = new ArrayList<>();
        ChangingTree.visit(folder.resolve("node"), Integer.MAX_VALUE, (file, facts) -> {
            if (facts.isRegularFile()
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                found.add(file.toString());
            }
        });
        return found;
    }

    private List<String> jobs(int id) {
        return NodeQueue.data(queue.inside(id, "job.list", Map.of())).valueStream()
                .map(job -> job.get("cmd").get("id").stringValue()).toList();
    }

    @Test
    void containerSeesOnlyItself() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int id = queue.create(Map.of("root", flist.toString(), "hostname", "radio1"));
        assertThat(queue.shell(id, "hostname; cat /etc/hostname")).isEqualTo("radio1\nradio1");
        assertThat(queue.shell(id, "cat /etc/hosts"))
                .isEqualTo("127.0.0.1    radio1.local radio1\n127.0.0.1    localhost.localdomain localhost\n");
        assertThat(queue.shell(id, "ls /proc | grep -c '^[0-9]'").strip()).matches("[0-9]");
        assertThat(queue.shell(id, "ls " + folder + " 2>&1; ls /home 2>&1")).doesNotContain("node.json");
        assertThat(queue.shell(id, "grep CapEff /proc/self/status")).contains("00000000a80424fb");
        assertThat(queue.shell(id, "touch /proc/sys/kernel/hostname 2>&1; mount -t tmpfs x /etc 2>&1; "
                + "mknod /etc/disk b 8 0 2>&1 && cat /etc/disk 2>&1")).contains("Read-only file system")
                .containsAnyOf("ermission denied", "Operation not permitted");
        assertThat(NodeQueue.data(queue.inside(id, "info.port", Map.of())).get(0).get("port").asInt()).isEqualTo(8000);
        assertThat(queue.inside(id, "corex.list", Map.of()).get("state").stringValue()).isEqualTo("UNKNOWN_CMD");
        assertThat(NodeQueue.data(queue.inside(id, "filesystem.exists", Map.of("path", "/bin/sh"))).booleanValue())
                .isTrue();
        assertThat(NodeQueue.data(queue.inside(id, "filesystem.list", Map.of("path", "/www"))).toString())
                .contains("index.html");
    }

    @Test
    void resultsOfCommandsInsideAreThoseOfTheNode() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int id = queue.create(Map.of("root", flist.toString(), "env", Map.of("A", "1")));
        JsonNode result = queue.inside(id, "bash", Map.of("script", "echo out; echo err >&2; exit 9"));
        assertThat(result.get("streams").toString()).isEqualTo("[\"out\\n\",\"err\\n\"]");
        assertThat(result.get("code").asInt()).isEqualTo(1009);
        assertThat(result.get("container").asInt()).isEqualTo(id);
        assertThat(queue.inside(id, "core.system", Map.of("name", "nope")).get("data").stringValue())
                .isEqualTo("exec: \"nope\": executable file not found in $PATH");
        assertThat(queue.inside(id, "core.system", Map.of("name", "cat", "args", List.of("/etc/motd"))).get("streams")
                .get(0).stringValue()).isEqualTo("hello from base\n");
        assertThat(queue.inside(id, "core.system", Map.of("name", "cat", "stdin", "in")).get("streams").get(0)
                .stringValue()).isEqualTo("in");
        assertThat(queue.inside(id, "core.system",
                Map.of("name", "sh", "args", List.of("-c", "echo $A $NEW"), "env", Map.of("A", "2", "NEW", "n")))
                .get("streams").get(0).stringValue()).isEqualTo("2 n\n");
        assertThat(queue.inside(id, "core.system", Map.of("name", "ls", "dir", "/none")).get("data").stringValue())
                .isEqualTo("fork/exec /bin/ls: no such file or directory");
    }

    @Test
    void failingServiceIsSeenInItsResultAndTheContainerStays() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder, """
                [startup.fails]
                name = "bash"
                [startup.fails.args]
                script = "echo going down; echo on stderr >&2; exit 3"
                [startup.missing]
                name = "core.system"
                [startup.missing.args]
                name = "/bin/does-not-exist"
                """);
        int id = queue.create(Map.of("root", flist.toString()));
        JsonNode failed = queue.result("fails");
        assertThat(failed.get("streams").toString()).isEqualTo("[\"going down\\n\",\"on stderr\\n\"]");
        assertThat(failed.get("code").asInt()).isEqualTo(1003);
        assertThat(queue.result("missing").get("data").stringValue())
                .isEqualTo("exec: \"/bin/does-not-exist\": stat /bin/does-not-exist: no such file or directory");
        assertThat(queue.inside(id, "core.ping", Map.of()).get("data").stringValue()).contains("PONG");
        assertThat(jobs(id)).hasSize(1);
    }

    @Test
    void rejectedStartupFileLeavesTheContainerWithoutServices() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder, "[startup.a]\nname='bash'\nunknown=1\n");
        int id = queue.create(Map.of("root", flist.toString()));
        assertThat(jobs(id)).hasSize(1);
    }

    @Test
    void takenPortIsRefusedAndTheContainerIsGone() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int port = BusyboxRoot.freePort();
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            JsonNode refused = queue.run("corex.create", Map.of("root", flist.toString(), "nics", NETWORK, "port",
                    Map.of("" + other.getLocalPort(), 8000)));
            assertThat(refused.get("data").stringValue()).isEqualTo("\"port " + port + " already in use\"");
        }
        int first = queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
        assertThat(queue.run("corex.create",
                Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of(port + "|udp", 8000))).get("data")
                .stringValue()).isEqualTo("\"port " + port + " already in use\"");
        assertThat(NodeQueue.data(queue.run("corex.list", Map.of())).propertyStream()).hasSize(1);
        queue.run("corex.terminate", Map.of("container", first));
        queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
        assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
    }

    @Test
    void forwardsComeAndGoAtRunTime() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
        int port = BusyboxRoot.freePort();
        Map<String, Object> forward = Map.of("container", id, "host_port", "" + port, "container_port", 8000);
        assertThat(queue.run("corex.portforward-add", forward).get("data").stringValue()).isEqualTo("null");
        assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
        assertThat(queue.run("corex.portforward-add", forward).get("data").stringValue()).contains("already in use");
        queue.run("corex.portforward-remove", forward);
        // For a second clients wait, as another container may get the port.
        assertThatThrownBy(() -> {
            try (Socket waiting = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
                waiting.getInputStream().read();
            }
        }).isInstanceOf(SocketException.class);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(free.isBound()).isTrue();
        }
        assertThat(NodeQueue.data(queue.run("corex.get", Map.of("query", id))).get("container").get("arguments")
                .get("port").isEmpty()).isTrue();
    }

    @Test
    void forwardsStayWhenTheInterfaceIsReplaced() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int port = BusyboxRoot.freePort();
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
        assertThat(queue.run("corex.nic-remove", Map.of("container", id, "index", 0)).get("state").stringValue())
                .isEqualTo("SUCCESS");
        assertThat(queue.run("corex.nic-add", Map.of("container", id, "nic", NETWORK.getFirst())).get("state")
                .stringValue()).isEqualTo("SUCCESS");
        assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
    }

    @Test
    void forwardAddedWhileTheContainerIsMadeIsServedWhenItRuns() throws Exception {
        byte[] flist = Files.readAllBytes(BusyboxRoot.pack(node.state(), folder));
        CompletableFuture<Void> added = new CompletableFuture<>();
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
        slow.createContext("/", exchange -> {
            added.join();
            exchange.sendResponseHeaders(200, flist.length);
            exchange.getResponseBody().write(flist);
            exchange.close();
        });
        slow.start();
        try {
            queue.send("slow", "corex.create", Map.of("root", "http://127.0.0.1:" + slow.getAddress().getPort()
                    + "/x.flist", "nics", NETWORK, "name", "slow"));
            int port = BusyboxRoot.freePort();
            assertThat(queue.run("corex.portforward-add", Map.of("container", halfMade("slow"), "host_port", "" + port,
                    "container_port", 8000)).get("state").stringValue()).isEqualTo("SUCCESS");
            added.complete(null);
            assertThat(queue.result("slow").get("state").stringValue()).isEqualTo("SUCCESS");
            assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
        } finally {
            added.complete(null);
            slow.stop(0);
        }
    }

    private int halfMade(String name) {
        JsonNode found = NodeQueue.data(queue.run("corex.get", Map.of("query", name)));
        while (found.isNull()) {
            found = NodeQueue.data(queue.run("corex.get", Map.of("query", name)));
        }
        assertThat(found.get("container").get("pid").asInt()).isZero();
        return found.get("id").asInt();
    }

    @Test
    void datagramsAreForwardedAndAnswered() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder, "");
        int port = BusyboxRoot.freePort();
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port",
                Map.of(port + "|udp", 5000), "mount", perl()));
        queue.send("echo", "corex.dispatch", Map.of("container", id, "command", Map.of("command", "core.system",
                "arguments", Map.of("name", "perl", "args", List.of("-MSocket", "-e", ECHO)))));
        assertThat(exchange(port, "ping")).isEqualTo("echo ping");
        assertThat(queue.run("corex.portforward-remove",
                Map.of("container", id, "host_port", port + "|udp", "container_port", 5000)).get("state")
                .stringValue()).isEqualTo("SUCCESS");
        try (DatagramSocket free = new DatagramSocket(port, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(free.isBound()).isTrue();
        }
    }

    /** This machine's, with what it is linked to. */
    private static Map<String, String> perl() {
        return Stream.of("/usr", "/lib", "/lib64").filter(name -> Files.exists(Path.of(name)))
                .collect(Collectors.toMap(name -> name, name -> name));
    }

    /** The answer to a datagram; sends it again until there is one, as any may be lost. */
    private static String exchange(int port, String text) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(200);
            socket.connect(InetAddress.ofLiteral("127.0.0.1"), port);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            for (int attempt = 0; attempt < 100; attempt++) {
                socket.send(new DatagramPacket(bytes, bytes.length));
                try {
                    socket.receive(answer);
                    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
                } catch (SocketTimeoutException lost) {
                    continue;
                }
            }
            throw new IOException("no answer");
        }
    }

    @Test
    void alteredChunkIsNamedWithItsFileWhenAllIsFetchedBeforeTheStart() throws Exception {
        queue.close();
        node.close();
        node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts().withRoots(RootMode.FULL));
        queue = new NodeQueue(node.state());
        Path flist = BusyboxRoot.pack(node.state(), folder);
        Path chunk;
        try (Stream<Path> files = Files.walk(folder.resolve("node/store"))) {
            chunk = files.filter(Files::isRegularFile).max(Comparator.comparing(file -> file.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[bytes.length / 2] ^= 1;
        Files.write(chunk, bytes);
        String id = chunk.getFileName().toString().substring(1);
        assertThat(queue.run("corex.create", Map.of("root", flist.toString())).get("data").stringValue())
                .startsWith("\"mount-root-flist(").contains(id, "bin/busybox");
        Files.delete(chunk);
        assertThat(queue.run("corex.create", Map.of("root", flist.toString())).get("data").stringValue())
                .startsWith("\"mount-root-flist(").contains(id, "bin/busybox");
        assertThat(Remains.ofContainers(folder)).isEmpty();
    }

    @Test
    void mountsConfigAndLinksStayInside() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Files.writeString(shared.resolve("from-host"), "x");
        int id = queue.create(Map.of("root", flist.toString(), "mount", Map.of(shared.toString(), "/data"), "config",
                Map.of("/etc/motd", "overridden", "../../escape", "y")));
        assertThat(queue.shell(id, "cat /etc/motd; ls /data; touch /data/from-container; ls /escape"))
                .isEqualTo("overriddenfrom-host\n/escape\n");
        assertThat(shared.resolve("from-container")).exists();
        queue.run("corex.terminate", Map.of("container", id));
        assertThat(shared.resolve("from-host")).hasContent("x");
    }

    @Test
    void manyContainersRunAtOnceAndAreAllRemoved() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        for (int i = 0; i < 6; i++) {
            queue.send("create-" + i, "corex.create", Map.of("root", flist.toString(), "nics", NETWORK));
        }
        for (int i = 0; i < 6; i++) {
            assertThat(queue.result("create-" + i).get("state").stringValue()).isEqualTo("SUCCESS");
        }
        assertThat(NodeQueue.data(queue.run("corex.list", Map.of())).propertyStream()).hasSize(6);
        node.stopContainers();
        assertThat(Remains.ofContainers(folder)).isEmpty();
    }

    @Test
    void deadContainerIsRemovedAndItsResultPosted() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
        long init = NodeQueue.data(queue.run("corex.get", Map.of("query", id))).get("container").get("pid").asLong();
        ProcessHandle.of(init).orElseThrow().destroyForcibly();
        JsonNode result = queue.result("core-" + id);
        assertThat(result.get("state").stringValue()).isEqualTo("ERROR");
        assertThat(result.get("code").asLong()).isEqualTo(4294967295L);
        assertThat(Remains.ofContainers(folder)).isEmpty();
    }

    @Test
    void terminationRightAfterTheCreationIsAnswered() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        for (int i = 0; i < 3; i++) {
            int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
            assertThat(queue.run("corex.terminate", Map.of("container", id)).get("data").stringValue())
                    .isEqualTo("null");
        }
        assertThat(Remains.ofContainers(folder)).isEmpty();
    }

    @Test
    void oneOfTwoCreationsWithOnePortWins() throws Exception {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        int port = BusyboxRoot.freePort();
        for (String id : List.of("first", "second")) {
            queue.send(id, "corex.create",
                    Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
        }
        assertThat(List.of(queue.result("first").get("state").stringValue(),
                queue.result("second").get("state").stringValue())).containsExactlyInAnyOrder("SUCCESS", "ERROR");
        assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
    }

    @Test
    void halfMadeContainerIsNeitherEndedNorSentCommands() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            queue.send("half", "corex.create", Map.of("root",
                    "http://127.0.0.1:" + silent.getLocalPort() + "/x.flist", "name", "half"));
            int id = halfMade("half");
            assertThat(queue.run("corex.terminate", Map.of("container", id)).get("data").stringValue())
                    .isEqualTo("\"container was not started\"");
            assertThat(queue.run("corex.dispatch", Map.of("container", id, "command", Map.of("command", "core.ping")))
                    .get("data").stringValue()).contains("failed to dispatch command to container");
        }
        assertThat(queue.result("half").get("state").stringValue()).isEqualTo("ERROR");
    }
}
