package zship.flist.hub;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;

/**
 * What a hub answered.
 *
 * @param code HTTP status
 * @param body text, JSON or HTML
 * @param location where the answer sends to, if it does
 */
record HubAnswer(int code, String body, Optional<String> location) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MAX_BODY = 64 << 20;

    /** The answer with its whole body. */
    static HubAnswer read(String what, Response response) {
        return new HubAnswer(response.code(), text(what, response), Optional.ofNullable(response.header("Location")));
    }

    private static String text(String what, Response response) {
        try {
            return response.peekBody(MAX_BODY).string();
        } catch (IOException e) {
            throw new HubException(Kind.UNREACHABLE, what, DiskFaults.reason(e), "try again", e);
        }
    }

    /** The JSON of a successful answer; anything else becomes a precise failure. */
    JsonNode json(String what) {
        JsonNode json = parsed(what);
        if (json.path("status").asString("").equals("success")) {
            return json;
        }
        throw HubRefusals.of(what, this);
    }

    /** The JSON of an answer to a question, which has no envelope; anything else becomes a precise failure. */
    JsonNode value(String what) {
        JsonNode json = parsed(what);
        if (json.isArray() || json.isObject() && !json.path("status").asString("").equals("error")) {
            return json;
        }
        throw HubRefusals.of(what, this);
    }

    private JsonNode parsed(String what) {
        if (code != 200) {
            throw HubRefusals.of(what, this);
        }
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new HubException(Kind.REFUSED, what, "the answer is not JSON", "check that this is a flist hub", e);
        }
    }

    /** A JSON text of strings, for the body of a request. */
    static String array(List<String> values) {
        return MAPPER.writeValueAsString(values);
    }

    /** The error envelope; an HTML page has none. */
    Optional<JsonNode> envelope() {
        try {
            return Optional.of(MAPPER.readTree(body)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** The hub reports success even when its own tool failed; the inner envelope tells the truth. */
    static void requireComplete(String what, JsonNode answer) {
        JsonNode files = answer.path("payload").path("files");
        boolean complete = files.path("success").asBoolean(false) && files.path("status").asInt(-1) == 0
                && files.path("response").path("failure").asInt(-1) == 0 && !files.path("response").isEmpty();
        if (!complete) {
            String message = files.path("error").path("message").asString("its check of the flist did not finish");
            throw new HubException(Kind.REFUSED, what, "the hub could not read the flist: " + message,
                    "check the file, and that the hub's store is up");
        }
    }
}
