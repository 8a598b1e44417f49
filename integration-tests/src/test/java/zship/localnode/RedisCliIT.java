package zship.localnode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Redis's own client, and another user of the machine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RedisCliIT {
    @TempDir
    private Path folder;
    private LocalNode node;

    @BeforeEach
    void start() throws IOException {
        node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void redisCliSendsACommandAndReadsItsResult() throws Exception {
        assertThat(redisCli("RPUSH", "core:default", "{\"id\":\"a\",\"command\":\"core.ping\"}")).isEqualTo("1");
        assertThat(redisCli("BRPOPLPUSH", "result:a", "result:a", "10")).contains("PONG", "\"state\":\"SUCCESS\"");
        assertThat(Integer.parseInt(redisCli("TTL", "result:a:flag"))).isBetween(290, 300);
        assertThat(redisCli("LRANGE", "result:a:flag", "0", "-1")).isEmpty();
        assertThat(redisCli("BLPOP", "nothing", "1")).isEmpty();
    }

    @Test
    void anotherUserOfTheMachineIsRefused() throws Exception {
        assertThat(run(List.of("setpriv", "--reuid=65534", "--clear-groups", "redis-cli", "-p", port(), "PING")))
                .contains("another user's node");
    }

    private String redisCli(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of("redis-cli", "-p", port()));
        whole.addAll(List.of(command));
        return run(whole);
    }

    private String port() {
        return node.state().nodeAddress().replaceFirst(".*:", "");
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
