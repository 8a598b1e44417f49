package zship.localnode;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.ProtocolVersion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends commands to a node as its first clients do: push, wait for the flag, wait for the result. */
final class NodeQueue implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PATIENCE_SECONDS = 100;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    NodeQueue(NodeState node) {
        RedisURI address = RedisURI.create("redis://" + node.nodeAddress());
        address.setTimeout(Duration.ofSeconds(2 * PATIENCE_SECONDS));
        client = RedisClient.create(address);
        client.setOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build());
        connection = client.connect();
    }

    /** The whole result of a command. */
    JsonNode run(String command, Object arguments) {
        String id = UUID.randomUUID().toString();
        connection.sync().rpush("core:default",
                JSON.writeValueAsString(Map.of("id", id, "command", command, "arguments", arguments)));
        return result(id);
    }

    /** Sends without waiting for anything. */
    void send(String id, String command, Object arguments) {
        connection.sync().rpush("core:default",
                JSON.writeValueAsString(Map.of("id", id, "command", command, "arguments", arguments)));
    }

    JsonNode result(String id) {
        String key = "result:" + id;
        String text = connection.sync().brpoplpush(PATIENCE_SECONDS, key, key);
        assertThat(text).as("result of " + id).isNotNull();
        return JSON.readTree(text);
    }

    boolean isAccepted(String id) {
        String key = "result:" + id + ":flag";
        return connection.sync().brpoplpush(10, key, key) != null;
    }

    /** Creates a container; its id. */
    int create(Map<String, Object> arguments) {
        JsonNode result = run("corex.create", arguments);
        assertThat(result.get("state").stringValue()).as(result.toString()).isEqualTo("SUCCESS");
        return Integer.parseInt(result.get("data").stringValue());
    }

    /** Runs a command inside a container; its whole result. */
    JsonNode inside(int container, String command, Object arguments) {
        JsonNode result = run("corex.dispatch",
                Map.of("container", container, "command", Map.of("command", command, "arguments", arguments)));
        assertThat(result.get("state").stringValue()).as(result.toString()).isEqualTo("SUCCESS");
        return result(JSON.readTree(result.get("data").stringValue()).stringValue());
    }

    /** What a shell command inside a container printed. */
    String shell(int container, String script) {
        return inside(container, "bash", Map.of("script", script)).get("streams").get(0).stringValue();
    }

    /** The JSON data of a result. */
    static JsonNode data(JsonNode result) {
        return JSON.readTree(result.get("data").stringValue());
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
