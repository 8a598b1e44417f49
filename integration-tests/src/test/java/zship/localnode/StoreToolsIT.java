package zship.localnode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.localnode.store.StoreServer;

import static org.assertj.core.api.Assertions.assertThat;

/** The embedded store with Redis's own tools, and killed in the middle of writing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StoreToolsIT {
    @TempDir
    private Path folder;

    @Test
    void redisCliAndRedisBenchmarkGetTheAnswersOfAZeroDb() throws Exception {
        try (StoreServer server = StoreServer.start(folder.resolve("store"), 0, "test")) {
            String port = Integer.toString(server.port());
            assertThat(run("redis-cli", "-p", port, "SET", "k", "v")).isEqualTo("k");
            assertThat(run("redis-cli", "-p", port, "SET", "k", "v")).isEmpty();
            assertThat(run("redis-cli", "-p", port, "GET", "k")).isEqualTo("v");
            assertThat(run("redis-cli", "-p", port, "EXISTS", "k")).isEqualTo("1");
            assertThat(run("redis-cli", "-p", port, "DEL", "none")).contains("Key not found");
            assertThat(run("redis-cli", "-p", port, "CONFIG", "GET", "save")).contains("Command not supported");
            assertThat(run("redis-cli", "-p", port, "INFO")).contains("0-db (zdb)");
            assertThat(run("redis-benchmark", "-p", port, "-t", "get,set", "-n", "400", "-c", "20", "-P", "8", "-r",
                    "100000", "-q")).contains("SET: ", "GET: ").doesNotContain("Error");
            assertThat(Integer.parseInt(run("redis-cli", "-p", port, "DBSIZE"))).isGreaterThan(100);
        }
    }

    @Test
    void everythingThatWasAnsweredIsThereAfterAKill() throws Exception {
        List<ChunkId> answered = new ArrayList<>();
        try (NodeProcess first = NodeProcess.start(folder)) {
            try (ChunkStore store = ChunkStores.open(StoreUrl.of(first.state().storeUrl()))) {
                Thread killer = Thread.ofVirtual().unstarted(() -> kill(first));
                for (int i = 0; i < 5000 && answered.size() < 5000; i++) {
                    byte[] data = ("chunk " + i).repeat(2000).getBytes(StandardCharsets.UTF_8);
                    store.put(ChunkCodec.idOf(data), data);
                    answered.add(ChunkCodec.idOf(data));
                    if (i == 50) {
                        killer.start();
                    }
                }
            } catch (StoreException killed) {
                assertThat(killed.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
            }
        }
        assertThat(answered).hasSizeGreaterThan(50);
        try (NodeProcess second = NodeProcess.start(folder);
                ChunkStore store = ChunkStores.open(StoreUrl.of(second.state().storeUrl()))) {
            for (ChunkId id : answered) {
                assertThat(store.get(id)).hasValueSatisfying(data -> assertThat(ChunkCodec.idOf(data)).isEqualTo(id));
            }
        }
    }

    private static void kill(NodeProcess node) {
        try {
            node.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
