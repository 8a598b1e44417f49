package zship.deployer.rollout;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

import tools.jackson.databind.JsonNode;

import zship.deployer.PrivateFile;
import zship.deployer.node.NodeJson;

/**
 * The ids of create commands. The id of an attempt is written down before the command is sent and stays the same until
 * its outcome is known, so a run that was cut off repeats the command instead of making a second container. Once the
 * outcome is known the next attempt gets another id, because a node answers an old id with its old result for 300 s.
 */
final class Attempts {

    private final PrivateFile file;
    private final String app;
    private final RandomGenerator random;

    Attempts(StateFolder folder, RandomGenerator random) {
        this.file = folder.file(".attempt.json");
        this.app = folder.app();
        this.random = random;
    }

    /**
     * An attempt to create a container.
     *
     * @param id the id of its command
     * @param repeated whether an earlier run sent it already, or was about to
     */
    record Attempt(String id, boolean repeated) {
    }

    /** The attempt at this digest that is under way, or a new one. */
    Attempt of(String digest) {
        State state = read();
        boolean repeated = state.pending.equals(digest);
        if (!repeated) {
            state = new State(state.nonce, state.generation + 1, digest);
            write(state);
        }
        return new Attempt("zship-" + app + "-" + digest.substring(0, 12) + "-" + state.nonce + "-" + state.generation,
                repeated);
    }

    /** The outcome of the attempt under way is known. */
    void settle() {
        State state = read();
        if (!state.pending.isEmpty()) {
            write(new State(state.nonce, state.generation, ""));
        }
    }

    private State read() {
        return file.read().map(text -> {
            JsonNode json = NodeJson.read("the last attempt to deploy " + app, text);
            return new State(json.path("nonce").asString(""), json.path("generation").asLong(0),
                    json.path("pending").asString(""));
        }).filter(state -> !state.nonce.isEmpty()).orElseGet(() -> new State(nonce(), 0, ""));
    }

    private void write(State state) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("nonce", state.nonce);
        fields.put("generation", state.generation);
        fields.put("pending", state.pending);
        file.write(NodeJson.write(fields) + "\n");
    }

    private String nonce() {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The digest under way is empty when none is. */
    private record State(String nonce, long generation, String pending) {
    }
}
