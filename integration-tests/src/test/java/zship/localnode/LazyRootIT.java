package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import zship.flist.Flist;

import static org.assertj.core.api.Assertions.assertThat;

/** Containers whose files are fetched when they are read, from a store that comes and goes. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LazyRootIT {
    /** A device file on a file system that holds none cannot be opened. */
    private static final List<String> WITHOUT_FUSE = List.of("unshare", "--mount", "sh", "-c",
            "mount --bind /dev/fuse /dev/fuse && mount -o remount,bind,nodev /dev/fuse && exec \"$@\"", "sh");

    @TempDir
    private Path folder;
    private Path home;
    private NodeProcess store;
    private Path flist;

    @BeforeEach
    void pack() throws IOException {
        home = folder.resolve("home");
        store = NodeProcess.start(folder.resolve("store"));
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        flist = BusyboxRoot.pack(store.state(), folder, "", Map.of("etc/large", large));
    }

    @AfterEach
    void leaveNothing() throws Exception {
        try (LocalNode last = LocalNode.start(LocalNodeConfig.of(home))) {
            last.stopContainers();
        }
        store.close();
        assertThat(Remains.of(folder)).isEmpty();
    }

    @Test
    void filesAreFetchedWhenReadAndAnOutageHurtsOnlyWhatWasNot() throws Exception {
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(home).onAnyPorts());
                NodeQueue queue = new NodeQueue(node.state())) {
            int id = create(queue);
            assertThat(queue.shell(id, "cat /bin/busybox >/dev/null; cat /etc/motd")).isEqualTo("hello from base\n");
            JsonNode before = root(queue, id);
            assertThat(before.get("mode").stringValue()).isEqualTo("lazy");
            assertThat(before.get("chunks").asInt() - before.get("present").asInt()).isGreaterThanOrEqualTo(6);

            store.kill();
            assertThat(queue.shell(id, "cat /etc/motd")).isEqualTo("hello from base\n");
            assertThat(queue.shell(id, "cat /etc/large 2>&1 >/dev/null; true")).containsAnyOf("I/O error",
                    "Input/output error");
            assertThat(Files.readString(home.resolve("node/logs/attendant.log"))).contains("/etc/large",
                    store.state().storeUrl());
            store = NodeProcess.start(folder.resolve("store"));
            assertThat(queue.shell(id, "cat /etc/large | wc -c").strip()).isEqualTo("" + (3 << 20));
            JsonNode after = root(queue, id);
            assertThat(after.get("present").asInt()).isGreaterThanOrEqualTo(before.get("present").asInt() + 6);
            node.stopContainers();
        }
    }

    @Test
    void killedNodeLeavesTheRootReadableAndTheNextOneFindsIt() throws Exception {
        int id;
        try (NodeProcess first = NodeProcess.start(home); NodeQueue queue = new NodeQueue(first.state())) {
            id = create(queue);
            queue.inside(id, "core.ping", Map.of());
        }
        Path large = home.resolve("node/containers/" + id + "/root/etc/large");
        assertThat(Files.readAllBytes(large)).as("while no node runs").hasSize(3 << 20);
        try (NodeProcess second = NodeProcess.start(home); NodeQueue queue = new NodeQueue(second.state())) {
            assertThat(queue.shell(id, "cat /etc/large | wc -c").strip()).isEqualTo("" + (3 << 20));
            assertThat(root(queue, id).get("mode").stringValue()).isEqualTo("lazy");
        }
    }

    @Test
    void rootWhoseProcessDiedIsRemovedWithItsContainerAtTheNextStart() throws Exception {
        try (NodeProcess first = NodeProcess.start(home); NodeQueue queue = new NodeQueue(first.state())) {
            create(queue);
        }
        long pid = Long.parseLong(Files.readAllLines(home.resolve("node/attendant.pid")).getFirst());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get(30, TimeUnit.SECONDS);
        try (LocalNode second = LocalNode.start(LocalNodeConfig.of(home));
                NodeQueue queue = new NodeQueue(second.state())) {
            assertThat(Remains.of(home)).isEmpty();
            int id = create(queue);
            assertThat(queue.shell(id, "cat /etc/motd")).isEqualTo("hello from base\n");
            second.stopContainers();
        }
    }

    @Test
    void containerEndsWithTheProcessThatServesItAndTheNextOneGetsAnother() throws Exception {
        try (NodeProcess node = NodeProcess.start(home); NodeQueue queue = new NodeQueue(node.state())) {
            int lost = create(queue);
            Path mark = home.resolve("node/attendant.pid");
            String served = Files.readString(mark);
            ProcessHandle.of(Long.parseLong(served.lines().findFirst().orElseThrow())).orElseThrow().destroyForcibly();
            JsonNode ended = queue.result("core-" + lost);
            assertThat(ended.get("state").stringValue()).isEqualTo("ERROR");
            assertThat(ended.get("critical").stringValue()).contains("the process that served its files has ended");
            assertThat(home.resolve("node/containers/" + lost)).doesNotExist();

            int id = create(queue);
            assertThat(queue.shell(id, "cat /etc/motd")).isEqualTo("hello from base\n");
            assertThat(root(queue, id).get("mode").stringValue()).isEqualTo("lazy");
            assertThat(Files.readString(mark)).isNotEqualTo(served);
            assertThat(Files.readString(home.resolve("node.log"))).contains("container " + lost + " has died because",
                    "which served mounted roots and forwarded ports, has ended");
            queue.run("corex.terminate", Map.of("container", id));
        }
    }

    @Test
    void withoutFuseAllIsFetchedBeforeTheStartAndTheLogSaysWhy() throws Exception {
        try (NodeProcess node = NodeProcess.start(home, WITHOUT_FUSE); NodeQueue queue = new NodeQueue(node.state())) {
            int id = create(queue);
            assertThat(root(queue, id).get("mode").stringValue()).isEqualTo("full");
            assertThat(queue.shell(id, "cat /etc/large | wc -c").strip()).isEqualTo("" + (3 << 20));
            assertThat(Files.readString(home.resolve("node.log"))).contains("fetched before the start",
                    "/dev/fuse cannot be opened: Permission denied");
            queue.run("corex.terminate", Map.of("container", id));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "WITHOUT_FUSE"})
    void chunksComeFromWhereTheTableInTheFlistSays(String way) throws Exception {
        String far = store.state().storeUrl();
        try (NodeProcess node = way.isEmpty() ? NodeProcess.start(home) : NodeProcess.start(home, WITHOUT_FUSE);
                NodeQueue queue = new NodeQueue(node.state())) {
            int id = queue.create(Map.of("root", routed("far: {'00:ff': '" + far + "'}", "near, far").toString()));
            assertThat(queue.shell(id, "cat /etc/large | wc -c").strip()).isEqualTo("" + (3 << 20));
            queue.run("corex.terminate", Map.of("container", id));

            JsonNode refusal = queue.run("corex.create", Map.of("root", routed("", "").toString()));
            assertThat(refusal.get("state").stringValue()).isEqualTo("ERROR");
            assertThat(refusal.get("data").stringValue()).contains("router.yaml");
        }
    }

    /** The flist with a routing table: a server that is not there, and what is given. */
    private Path routed(String pool, String lookup) throws IOException {
        String table = "pools: {near: {'00:ff': 'zdb://127.0.0.1:1'}, " + pool + "}\nlookup: [" + lookup + "]\n";
        Path target = folder.resolve("routed-" + pool.length() + ".flist");
        Flist.open(flist).withRouter(Optional.of(pool.isEmpty() ? "" : table)).write(target);
        return target;
    }

    private int create(NodeQueue queue) {
        return queue.create(Map.of("root", flist.toString(), "storage", store.state().storeUrl()));
    }

    private static JsonNode root(NodeQueue queue, int id) {
        return NodeQueue.data(queue.run("zship.root", Map.of("container", id)));
    }
}
