package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The node's process is killed at any time; the next one finds its containers or removes what is left. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class NodeKillIT extends FreshNode {
    @Test
    void runningContainerIsFoundAgainWithItsServicesForwardsAndLogs() throws Exception {
        int port = BusyboxRoot.freePort();
        int id;
        try (NodeProcess first = NodeProcess.start(folder)) {
            try (NodeQueue queue = new NodeQueue(first.state())) {
                Path flist = BusyboxRoot.pack(first.state(), folder);
                id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000),
                        "name", "web", "env", Map.of("SECRET", "canary")));
                assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
                queue.inside(id, "core.ping", Map.of());
            }
            first.kill();
        }
        assertThat(BusyboxRoot.fetch(port)).as("while no node runs").isEqualTo("served from the flist");
        try (NodeProcess second = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(second.state())) {
            JsonNode found = NodeQueue.data(queue.run("corex.get", Map.of("query", "web")));
            assertThat(found.get("id").asInt()).isEqualTo(id);
            assertThat(found.get("container").get("arguments").get("env").get("SECRET").stringValue())
                    .isEqualTo("canary");
            assertThat(NodeQueue.data(queue.inside(id, "job.list", Map.of("id", "web"))).get(0).get("pid").asInt())
                    .isPositive();
            assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
            assertThat(queue.shell(id, "env")).contains("SECRET=canary");
            assertThat(queue.run("corex.create", Map.of("root", "x", "port", Map.of("" + port, 1), "nics", NETWORK))
                    .get("state").stringValue()).isEqualTo("ERROR");
            queue.inside(id, "job.kill", Map.of("id", "web"));
            assertThat(queue.result("web").get("streams").get(1).stringValue()).contains("response:200");
            assertThat(queue.run("corex.terminate", Map.of("container", id)).get("state").stringValue())
                    .isEqualTo("SUCCESS");
            assertThat(Remains.processes(folder.resolve("node/containers"))).isEmpty();
        }
    }

    @Test
    void recurringServiceGoesOnThoughTheNodeWasKilledInItsPause() throws Exception {
        int id;
        try (NodeProcess first = NodeProcess.start(folder)) {
            try (NodeQueue queue = new NodeQueue(first.state())) {
                Path flist = BusyboxRoot.pack(first.state(), folder, """
                        [startup.tick]
                        name = "bash"
                        recurring_period = 1
                        [startup.tick.args]
                        script = "echo tick >> /ticks"
                        """);
                id = queue.create(Map.of("root", flist.toString()));
                awaitTicks(queue, id, 1);
            }
            first.kill();
        }
        try (NodeProcess second = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(second.state())) {
            awaitTicks(queue, id, ticks(queue, id) + 2);
            assertThat(NodeQueue.data(queue.inside(id, "job.list", Map.of("id", "tick")))).hasSize(1);
        }
    }

    private static int ticks(NodeQueue queue, int id) {
        return Integer.parseInt(queue.shell(id, "touch /ticks; wc -l < /ticks").strip());
    }

    private static void awaitTicks(NodeQueue queue, int id, int count) {
        while (ticks(queue, id) < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void deadNetworkProcessIsStartedAgainWithItsForwards() throws Exception {
        int port = BusyboxRoot.freePort();
        try (NodeProcess first = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(first.state())) {
            Path flist = BusyboxRoot.pack(first.state(), folder);
            queue.create(Map.of("root", flist.toString(), "nics", NETWORK, "port", Map.of("" + port, 8000)));
        }
        ProcessHandle.allProcesses().filter(process -> isSlirpOf(process.pid(), folder))
                .forEach(ProcessHandle::destroyForcibly);
        try (NodeProcess second = NodeProcess.start(folder)) {
            assertThat(second.pid()).isPositive();
            assertThat(BusyboxRoot.fetch(port)).isEqualTo("served from the flist");
        }
    }

    @Test
    void networkProcessThatDiesWhileTheNodeRunsIsStartedAgain() throws Exception {
        try (NodeProcess first = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(first.state())) {
            Path flist = BusyboxRoot.pack(first.state(), folder);
            int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
            ProcessHandle slirp = ProcessHandle.allProcesses().filter(process -> isSlirpOf(process.pid(), folder))
                    .findFirst().orElseThrow();
            slirp.destroyForcibly();
            slirp.onExit().join();
            // Its interface is gone with it and comes back with the next one.
            assertThat(queue.shell(id, "until grep -q eth0 /proc/net/route; do sleep 0.1; done; echo routed"))
                    .isEqualTo("routed\n");
            queue.run("corex.terminate", Map.of("container", id));
        }
    }

    /** As a kill in the middle of packing a container leaves it. */
    @Test
    void containerThatStoodStillRunsAgain() throws Exception {
        int id;
        try (NodeProcess first = NodeProcess.start(folder)) {
            try (NodeQueue queue = new NodeQueue(first.state())) {
                id = queue.create(Map.of("root", BusyboxRoot.pack(first.state(), folder).toString()));
            }
            first.kill();
        }
        String runc = folder.resolve("node/runc").toString();
        String name = Path.of(runc).toFile().list()[0];
        assertThat(new ProcessBuilder("runc", "--root", runc, "pause", name).inheritIO().start().waitFor()).isZero();
        try (NodeProcess second = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(second.state())) {
            assertThat(queue.shell(id, "echo alive")).isEqualTo("alive\n");
        }
    }

    private static boolean isSlirpOf(long pid, Path folder) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).startsWith("slirp4netns")
                    && Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(folder);
        } catch (IOException gone) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 75, 150, 250, 400, 600})
    void killDuringCreationLeavesNothingOrAWholeContainer(int millis) throws Exception {
        try (NodeProcess first = NodeProcess.start(folder)) {
            try (NodeQueue queue = new NodeQueue(first.state())) {
                Path flist = BusyboxRoot.pack(first.state(), folder);
                queue.send("create", "corex.create", Map.of("root", flist.toString(), "nics", NETWORK));
                queue.isAccepted("create");
                Thread.sleep(millis);
            }
            first.kill();
        }
        try (NodeProcess second = NodeProcess.start(folder); NodeQueue queue = new NodeQueue(second.state())) {
            long listed = NodeQueue.data(queue.run("corex.list", Map.of())).propertyStream().count();
            if (listed == 0) {
                assertThat(Remains.ofContainers(folder)).filteredOn(left -> !left.contains("NodeProcess")).isEmpty();
            } else {
                assertThat(queue.shell(1, "echo alive")).isEqualTo("alive\n");
            }
        }
    }
}
