package zship.recorded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One recorded conversation with a real node (0-core commit 9121e2a, redis 7.0.15). A step is one of: a {@code request} with
 * its {@code result}; a {@code push} that nobody waits for; a result that is {@code posted}; something to {@code send} with its
 * {@code reply}; a {@code stream} with its {@code messages}.
 *
 * @param name  what was tried
 * @param steps in order
 */
record NodeCase(String name, List<JsonNode> steps) {

    static List<NodeCase> all() {
        try (InputStream in = Objects
                .requireNonNull(NodeCase.class.getResourceAsStream("/recorded/node-cases.jsonl"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .map(json -> new NodeCase(json.path("case").asString(""),
                            json.path("steps").valueStream().toList()))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the number of the last container must have been for the first container to get the recorded number. */
    int lastContainerBefore() {
        int registered = 0;
        for (JsonNode step : steps) {
            String result = step.path("result").asString(step.path("posted").asString("{}"));
            JsonNode json = JsonMapper.shared().readTree(result.isEmpty() ? "{}" : result);
            String data = json.path("data").asString("");
            if (json.path("command").asString("").equals("corex.create-sync") && data.contains("core-")) {
                return Integer.parseInt(data.replaceAll("(?s).*core-(\\d+).*", "$1")) - 1 - registered;
            }
            if (json.path("command").asString("").equals("corex.create")) {
                if (data.matches("\\d+")) {
                    return Integer.parseInt(data) - 1 - registered;
                }
                registered += data.startsWith("\"mount-") ? 1 : 0;
            }
        }
        return 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
