package zship.localnode.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpExchange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sends answers, in the hub's envelopes. */
final class Replies {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Replies() {
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static void done(HttpExchange exchange) throws IOException {
        json(exchange, 200, object().put("status", "success"));
    }

    static void done(HttpExchange exchange, ObjectNode payload) throws IOException {
        ObjectNode body = object().put("status", "success");
        body.set("payload", payload);
        json(exchange, 200, body);
    }

    static void error(HttpExchange exchange, int status, String message) throws IOException {
        json(exchange, status, object().put("status", "error").put("message", message));
    }

    static void refused(HttpExchange exchange, HubRefusal refused) throws IOException {
        ObjectNode body = object().put("status", "error").put("message", refused.text());
        if (refused.status() == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        if (refused.status() == 405) {
            exchange.getResponseHeaders().set("Allow", String.join(", ", refused.items()));
        } else if (!refused.items().isEmpty()) {
            ArrayNode missing = body.putArray("missing");
            refused.items().forEach(missing::add);
        }
        json(exchange, refused.status(), body);
    }

    static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        text(exchange, status, JSON.writeValueAsString(body) + "\n", "application/json");
    }

    static void text(HttpExchange exchange, int status, String body, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        // Otherwise the server would do it while it sends the headers, where nothing limits the wait.
        exchange.getRequestBody().close();
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
