package zship.localnode.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replays requests that were recorded with their results from 0-core (commit 9121e2a). Ids, times and the node's version text
 * differ and are not compared; order and presence of fields are.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GoldenReplayTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"ping", "ping_full_envelope", "ping_minimal_envelope", "ping_pyclient_envelope",
        "extra_fields", "bash_ok", "system_ok", "system_fail", "unknown_command", "unknown_core_kill",
        "no_arguments", "arguments_wrong_type", "result_levels", "max_restart", "max_time_timeout",
        "utf8_and_binary", "create_missing_root", "create_mount_errors", "create_port_errors",
        "create_bad_url", "create_cgroups", "terminate_all", "job_list_kill", "dispatch_all",
        "process_list_kill"})
    void recordedRequestsGetTheRecordedResults(String name) throws Exception {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        try (NodeFixture node = new NodeFixture(directory)) {
            for (JsonNode step : load(name)) {
                JsonNode request = step.get("request");
                String id = request.get("id").stringValue();
                String shown = request.get("command").stringValue() + " " + request.path("arguments") + "\n  ";
                expected.add(shown + comparable(step.get("result").stringValue()));
                actual.add(shown + comparable(node.run(id, JSON.writeValueAsString(request))));
            }
        }
        assertThat(actual).containsExactlyElementsOf(expected);
    }

    private static JsonNode load(String name) throws IOException {
        try (InputStream in = GoldenReplayTest.class.getResourceAsStream("/zship/localnode/golden/" + name + ".json")) {
            return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String comparable(String result) {
        ObjectNode json = (ObjectNode) JSON.readTree(result);
        json.put("time", 0);
        json.put("starttime", json.get("starttime").longValue() == 0 ? 0 : 1);
        String data = json.get("data").stringValue();
        json.put("data", data.replaceFirst("\"PONG Version: .*\"", "\"PONG\""));
        return JSON.writeValueAsString(json).replaceAll("/(usr/)?bin/(sh|pwd)", "$2");
    }
}
