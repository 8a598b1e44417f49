package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import zship.flist.disk.ChangingTree;

import static org.assertj.core.api.Assertions.assertThat;

/** Containers come and go without anything piling up. {@code src/bench/node.sh} does the same 200 times and prints the numbers. */
@Isolated("counts the descriptors of the whole process")
@Timeout(value = 1200, unit = TimeUnit.SECONDS)
class CyclesIT {
    private static final List<Map<String, Object>> NETWORK = List.of(Map.of("type", "default"));
    private static final int WARM_UP = 3;
    /** mnt, pid, uts, ipc and net. */
    private static final int CONTAINER_NAMESPACES = 5;

    @TempDir
    private Path folder;

    @Test
    void cyclesLeaveNoMountProcessNamespaceGroupOrDescriptor() throws Exception {
        int cycles = Integer.getInteger("cycles", 10);
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts());
                NodeQueue queue = new NodeQueue(node.state())) {
            Path flist = BusyboxRoot.pack(node.state(), folder, "");
            for (int i = 0; i < WARM_UP; i++) {
                cycle(queue, flist);
            }
            Map<String, Long> before = census();
            countsOfOneContainerAreSeen(queue, flist, before);
            long begun = System.nanoTime();
            for (int i = 0; i < cycles; i++) {
                cycle(queue, flist);
            }
            report(cycles + " cycles of create, command, terminate", begun, cycles);
            Map<String, Long> after = censusWithFewDescriptors(before.get("descriptors") + WARM_UP);
            if (Boolean.getBoolean("bench")) {
                System.out.println("before " + before + "\nafter  " + after);
            }
            assertThat(after.get("mounts")).isEqualTo(before.get("mounts"));
            assertThat(after.get("descriptors")).isLessThanOrEqualTo(before.get("descriptors") + WARM_UP);
            for (String kind : List.of("files", "processes", "namespaces", "groups")) {
                assertThat(after.get(kind)).as(kind).isEqualTo(before.get(kind));
            }
            assertThat(Remains.ofContainers(folder)).isEmpty();
        }
    }

    @Test
    void containersRunSideBySide() throws Exception {
        int many = Integer.getInteger("many", 8);
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts());
                NodeQueue queue = new NodeQueue(node.state())) {
            Path flist = BusyboxRoot.pack(node.state(), folder, "");
            cycle(queue, flist);
            long begun = System.nanoTime();
            for (int i = 0; i < many; i++) {
                queue.send("create-" + i, "corex.create", Map.of("root", flist.toString(), "nics", NETWORK));
            }
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                ids.add(Integer.parseInt(queue.result("create-" + i).get("data").stringValue()));
            }
            report(many + " containers at once", begun, many);
            for (int id : ids) {
                assertThat(queue.shell(id, "echo " + id)).isEqualTo(id + "\n");
            }
            node.stopContainers();
            assertThat(Remains.ofContainers(folder)).isEmpty();
        }
    }

    private static void cycle(NodeQueue queue, Path flist) {
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
        assertThat(queue.shell(id, "echo up")).isEqualTo("up\n");
        assertThat(queue.run("corex.terminate", Map.of("container", id)).get("state").stringValue())
                .isEqualTo("SUCCESS");
    }

    /** Otherwise equal counts would say nothing. */
    private void countsOfOneContainerAreSeen(NodeQueue queue, Path flist, Map<String, Long> before)
            throws IOException {
        int id = queue.create(Map.of("root", flist.toString(), "nics", NETWORK));
        Map<String, Long> during = census();
        assertThat(during.get("namespaces")).isGreaterThanOrEqualTo(before.get("namespaces") + CONTAINER_NAMESPACES);
        assertThat(during.get("groups")).isGreaterThan(before.get("groups"));
        assertThat(queue.run("corex.terminate", Map.of("container", id)).get("state").stringValue())
                .isEqualTo("SUCCESS");
    }

    /** Something else in this process may have started a program just now, whose pipes are open for a moment. */
    private Map<String, Long> censusWithFewDescriptors(long few) throws IOException, InterruptedException {
        Map<String, Long> counts = census();
        for (int i = 0; i < 100 && counts.get("descriptors") > few; i++) {
            Thread.sleep(100);
            counts = census();
        }
        return counts;
    }

    private Map<String, Long> census() throws IOException {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        counts.put("heapKiB", (runtime.totalMemory() - runtime.freeMemory()) >> 10);
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            counts.put("mounts", mounts.filter(line -> line.contains(folder.toString())).count());
        }
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            counts.put("descriptors", descriptors.count());
        }
        AtomicLong files = new AtomicLong();
        ChangingTree.visit(folder.resolve("node"), Integer.MAX_VALUE, (file, facts) -> {
            if (!file.startsWith(folder.resolve("node/roots"))) {
                files.incrementAndGet();
            }
        });
        counts.put("files", files.get());
        counts.put("processes", (long) Remains.processes(folder).size());
        counts.put("namespaces", (long) Remains.namespaces(folder).size());
        counts.put("groups", (long) Remains.controlGroups(folder).size());
        return counts;
    }

    private static void report(String what, long begun, int count) {
        if (Boolean.getBoolean("bench")) {
            long millis = (System.nanoTime() - begun) / 1_000_000;
            System.out.println(what + ": " + millis + " ms, " + millis / count + " ms each");
        }
    }
}
