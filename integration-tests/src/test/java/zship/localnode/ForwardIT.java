package zship.localnode;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import zship.localnode.mount.RootMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Forwarded ports outlive the node, and come back when the process that serves them is killed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ForwardIT extends FreshNode {
    @Test
    void killedAttendantIsReplacedAndItsPortsComeBackWhileTheContainersGoOn() throws Exception {
        int port = BusyboxRoot.freePort();
        int other = BusyboxRoot.freePort();
        try (LocalNode node = full(); NodeQueue queue = new NodeQueue(node.state())) {
            int id = create(node, queue, "" + port);
            create(node, queue, other + "|tcp+udp");
            killAttendant();
            assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
            assertThat(BusyboxRoot.fetch(other)).isEqualTo("served from the flist");
            assertThat(queue.shell(id, "echo alive")).isEqualTo("alive\n");
        }
        assertThat(BusyboxRoot.fetch(port)).as("while no node runs").isEqualTo("served from the flist");
        killAttendant();
        try (LocalNode node = full(); NodeQueue queue = new NodeQueue(node.state())) {
            assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
            assertThat(NodeQueue.data(queue.run("corex.list", Map.of())).propertyStream()).hasSize(2);
        }
    }

    @Test
    void portOfAContainerThatEndedWithoutANodeIsFreeAfterTheNextStart() throws Exception {
        int port = BusyboxRoot.freePort();
        long init;
        try (NodeProcess first = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(first.state())) {
            Path flist = BusyboxRoot.pack(first.state(), folder);
            int id = queue.create(
                    Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
            init = NodeQueue.data(queue.run("corex.get", Map.of("query", id))).get("container").get("pid").asLong();
        }
        end(init);
        try (NodeProcess second = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(second.state())) {
            assertThat(NodeQueue.data(queue.run("corex.list", Map.of())).isEmpty()).isTrue();
            assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void forwardedPortIsNoSocketOfTheNodeAsItIsNoneOfARealOne() throws Exception {
        int port = BusyboxRoot.freePort();
        try (LocalNode node = full(); NodeQueue queue = new NodeQueue(node.state())) {
            create(node, queue, "" + port);
            JsonNode sockets = NodeQueue.data(queue.run("info.port", Map.of()));
            assertThat(sockets.findValuesAsString("port")).doesNotContain("" + port);
        }
    }

    private LocalNode full() {
        return LocalNode.start(LocalNodeConfig.of(folder).withRoots(RootMode.FULL));
    }

    private int create(LocalNode node, NodeQueue queue, String hostPort) throws IOException {
        Path flist = BusyboxRoot.pack(node.state(), folder);
        return queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of(hostPort, 8000)));
    }

    private void killAttendant() throws Exception {
        end(Long.parseLong(Files.readAllLines(folder.resolve("node/attendant.pid")).getFirst()));
    }

    private static void end(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
    }
}
