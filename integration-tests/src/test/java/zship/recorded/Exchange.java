package zship.recorded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One request to a real hub (commit 04bda34, zflist 2.3.0) and its answer. Tokens are placeholders such as
 * {@code {alice.3bot}}; HTML is cut.
 *
 * @param name what was tried; {@code z..} are those of zflist's own commands
 * @param json the whole record
 */
record Exchange(String name, JsonNode json) {

    static List<Exchange> all() {
        try (InputStream in = Objects
                .requireNonNull(Exchange.class.getResourceAsStream("/recorded/hub-exchanges.jsonl"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .map(json -> new Exchange(json.path("name").asString(""), json)).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Exchange of(String name) {
        return all().stream().filter(it -> it.name.equals(name)).findFirst().orElseThrow();
    }

    String mode() {
        return json.path("mode").asString("");
    }

    String method() {
        return json.path("method").asString("");
    }

    String path() {
        return json.path("path").asString("");
    }

    String note() {
        return json.path("note").asString("");
    }

    JsonNode headers() {
        return json.path("headers");
    }

    /** The body as sent; empty when it was too large to keep. */
    Optional<byte[]> body() {
        JsonNode body = json.path("body");
        return body.has("length") ? Optional.empty() : Optional.of(bytes(body));
    }

    int status() {
        return json.path("answer").path("status").asInt(0);
    }

    String header(String name) {
        return json.path("answer").path("headers").path(name).asString("");
    }

    byte[] answer() {
        return bytes(json.path("answer"));
    }

    String answerText() {
        return new String(answer(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(JsonNode holder) {
        return holder.has("base64")
                ? Base64.getDecoder().decode(holder.path("base64").asString(""))
                : holder.path("text").asString("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return name + " " + method() + " " + path();
    }
}
