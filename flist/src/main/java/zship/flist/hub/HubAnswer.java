package zship.flist.hub;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

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
 */
record HubAnswer(int code, String body) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MAX_BODY = 64 << 20;

    /** The body as text. */
    static String text(String what, Response response) {
        try {
            return response.peekBody(MAX_BODY).string();
        } catch (IOException e) {
            throw new HubException(Kind.UNREACHABLE, what, DiskFaults.reason(e), "try again", e);
        }
    }

    /** The JSON of a successful answer; anything else becomes a precise failure. */
    static JsonNode json(String what, HubAnswer answer) {
        if (answer.code != 200) {
            throw refusal(what, answer.code, answer.body);
        }
        try {
            JsonNode json = MAPPER.readTree(answer.body);
            if (json.path("status").asString("").equals("success")) {
                return json;
            }
        } catch (JacksonException e) {
            throw new HubException(Kind.REFUSED, what, "the answer is not JSON", "check that this is a flist hub", e);
        }
        throw refusal(what, answer.code, answer.body);
    }

    /** The JSON of an answer to a question, which has no envelope; anything else becomes a precise failure. */
    static JsonNode value(String what, HubAnswer answer) {
        if (answer.code != 200) {
            throw refusal(what, answer.code, answer.body);
        }
        try {
            JsonNode json = MAPPER.readTree(answer.body);
            if (json.isArray() || json.isObject() && !json.path("status").asString("").equals("error")) {
                return json;
            }
        } catch (JacksonException e) {
            throw new HubException(Kind.REFUSED, what, "the answer is not JSON", "check that this is a flist hub", e);
        }
        throw refusal(what, answer.code, answer.body);
    }

    /** A JSON text of strings, for the body of a request. */
    static String array(List<String> values) {
        return MAPPER.writeValueAsString(values);
    }

    /** The hub reports success even when its own tool failed; the inner envelope tells the truth. */
    static void requireComplete(String what, JsonNode answer) {
        JsonNode files = answer.path("payload").path("files");
        boolean complete = files.path("success").asBoolean(false) && files.path("status").asInt(0) == 0
                && files.path("response").path("failure").asInt(0) == 0 && !files.path("response").isEmpty();
        if (!complete) {
            String message = files.path("error").path("message").asString("its check of the flist did not finish");
            throw new HubException(Kind.REFUSED, what, "the hub could not read the flist: " + message,
                    "check the flist, and that the hub's store is up");
        }
    }

    static HubException refusal(String what, int code, String body) {
        String message = message(body);
        String why = "the hub answered " + code + (message.isEmpty() ? "" : ": " + message);
        String lower = message.toLowerCase(Locale.ROOT);
        if (code == 401 && lower.contains("already a file")) {
            return new HubException(Kind.REFUSED, what, why, "choose another link name, or remove that flist first");
        }
        if (code == 401 || code == 403) {
            return new HubException(Kind.UNAUTHORIZED, what, why,
                    "give a valid token for this hub, and ask: zship hub login");
        }
        if (code == 400 && lower.contains("authorization")) {
            return new HubException(Kind.UNAUTHORIZED, what, why, "give a valid token for this hub");
        }
        if (code == 400 && lower.contains("readonly")) {
            return new HubException(Kind.REFUSED, what, why, "this hub changes nothing now: use another, or wait");
        }
        if (code == 404) {
            return new HubException(Kind.NOT_FOUND, what, why, "check the user and the name");
        }
        if (lower.contains("not fully present")) {
            return new HubException(Kind.CHUNKS_MISSING, what, why + missing(body),
                    "pack again to the store of this hub, so that it has every chunk");
        }
        String hint = code >= 500
                ? "check that the file is an flist, and that the hub's store is up"
                : "check the name and the hub's rules";
        return new HubException(Kind.REFUSED, what, why, hint);
    }

    /** The ids that some hubs tell. */
    private static String missing(String body) {
        JsonNode ids = MAPPER.readTree(body).path("missing");
        return ids.isArray() && !ids.isEmpty() ? ": " + ids.size() + ", the first " + ids.path(0).asString("") : "";
    }

    /** The message of an error envelope; HTML pages say nothing useful beyond their status. */
    private static String message(String body) {
        try {
            return MAPPER.readTree(body).path("message").asString("");
        } catch (JacksonException e) {
            return "";
        }
    }
}
