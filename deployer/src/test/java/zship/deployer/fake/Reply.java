package zship.deployer.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import zship.deployer.node.NodeJson;

/** What a fake node answers to a command. */
public record Reply(String state, long code, int level, String data, @Nullable List<String> streams, String raw,
        boolean silent) {

    /** Success with a JSON text. */
    public static Reply json(String data) {
        return new Reply("SUCCESS", 0, 20, data, List.of("", ""), "", false);
    }

    /** An error of a built-in command. */
    public static Reply error(int code, String text) {
        return new Reply("ERROR", code, 20, NodeJson.write(text), List.of("", ""), "", false);
    }

    /** A process that ended by itself. */
    public static Reply exit(int status, String stdout, String stderr) {
        return new Reply(status == 0 ? "SUCCESS" : "ERROR", status == 0 ? 0 : 1000 + status, 0, "",
                List.of(stdout, stderr), "", false);
    }

    /** An unknown command. */
    public static Reply unknown() {
        return new Reply("UNKNOWN_CMD", 0, 0, "", null, "", false);
    }

    /** The bytes of a recorded result, with the id of the request. */
    public static Reply recorded(String raw) {
        return new Reply("", 0, 0, "", null, raw, false);
    }

    /** Never any answer. */
    public static Reply never() {
        return new Reply("", 0, 0, "", null, "", true);
    }

    /** The result as the node posts it. */
    public String envelope(Request request) {
        return envelope(request, 1795453187800L);
    }

    /** The result as a node posts it whose clock shows these milliseconds. */
    String envelope(Request request, long clock) {
        if (!raw.isEmpty()) {
            return raw.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"" + request.id() + "\"");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", request.id());
        fields.put("command", request.command());
        fields.put("data", data);
        if (streams != null) {
            fields.put("streams", new ArrayList<>(streams));
        }
        fields.put("level", level);
        fields.put("state", state);
        fields.put("code", code);
        fields.put("starttime", clock);
        fields.put("time", 3);
        fields.put("tags", request.envelope().path("tags"));
        fields.put("container", request.container());
        return NodeJson.write(fields);
    }
}
