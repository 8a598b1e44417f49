package zship.localnode.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What the node tells about its machine has the fields, in their order, that 0-core (commit 9121e2a) was recorded with. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MachineCommandsTest {
    @TempDir
    private Path directory;

    @Test
    void factsHaveTheRecordedFields() throws Exception {
        try (NodeFixture node = new NodeFixture(directory)) {
            for (JsonNode step : recorded()) {
                JsonNode request = step.get("request");
                JsonNode expected = GoJson.read(step.get("result").stringValue()).orElseThrow();
                JsonNode actual = GoJson.read(node.run(request.get("id").stringValue(), request.toString()))
                        .orElseThrow();
                assertThat(names(actual)).isEqualTo(names(expected));
                assertThat(actual.get("state")).isEqualTo(expected.get("state"));
                if (!actual.get("data").stringValue().equals("[]")) {
                    assertThat(names(first(actual))).isEqualTo(names(first(expected)));
                }
            }
        }
    }

    @Test
    void disksAreFileSystemsOnDevices() {
        String mounts = "proc /proc proc rw 0 0\n/dev/vda /a\\040b ext4 rw,discard 0 0\nnone /n ext4 rw 0 0\n";
        assertThat(MachineFacts.disks(mounts, "nodev\tproc\n\text4\n").toString()).isEqualTo(
                "[{\"device\":\"/dev/vda\",\"mountpoint\":\"/a b\",\"fstype\":\"ext4\",\"opts\":\"rw,discard\"}]");
    }

    @Test
    void memoryIsInBytes() {
        JsonNode memory = MachineFacts.memory("MemTotal:  100 kB\nMemAvailable:  75 kB\nMemFree: x kB\n");
        assertThat(memory.get("total").longValue()).isEqualTo(102_400);
        assertThat(memory.get("used").longValue()).isEqualTo(25_600);
        assertThat(memory.get("usedPercent").doubleValue()).isEqualTo(25);
        assertThat(memory.get("free").longValue()).isZero();
    }

    @Test
    void killAllEndsRunningJobs() throws Exception {
        try (NodeFixture node = new NodeFixture(directory)) {
            node.push("{\"id\":\"s\",\"command\":\"core.system\",\"arguments\":{\"name\":\"sleep\",\"args\":[\"600\"]},"
                    + "\"stream\":true}");
            node.awaitFlag("s");
            while (node.core.job("s").filter(job -> job.toJson().get("pid").longValue() > 0).isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(node.run("k", "{\"id\":\"k\",\"command\":\"job.killall\",\"arguments\":{}}"))
                    .contains("\"data\":\"true\"");
            assertThat(node.result("s")).contains("\"code\":999");
        }
    }

    private static JsonNode recorded() throws IOException {
        try (InputStream in = MachineCommandsTest.class
                .getResourceAsStream("/zship/localnode/golden/info_machine.json")) {
            return GoJson.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)).orElseThrow();
        }
    }

    private static JsonNode first(JsonNode result) {
        JsonNode data = GoJson.read(result.get("data").stringValue()).orElseThrow();
        return data.isArray() ? data.get(0) : data;
    }

    private static List<String> names(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }
}
