package zship.localnode.job;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command as clients push it to the queue.
 *
 * @param id              job id, chosen by the client
 * @param command         name of the command
 * @param arguments       what is given to it; empty when absent or null
 * @param queue           commands of one queue run one after the other; empty for none
 * @param maxTime         seconds after which a process is killed; 0 for never
 * @param maxRestart      how often a failing command is run in all; 0 for once
 * @param recurringPeriod seconds from the end of a run to the next; 0 for one run
 * @param stream          whether messages are copied to {@code stream:<id>}
 * @param tags            come back in the result; empty when absent or null
 */
public record Command(String id, String command, Optional<JsonNode> arguments, String queue, long maxTime,
        long maxRestart, long recurringPeriod, boolean stream, Optional<List<String>> tags) {

    /** A command without options. */
    public static Command of(String id, String command, JsonNode arguments) {
        return new Command(id, command, Optional.of(arguments), "", 0, 0, 0, false, Optional.empty());
    }

    /** The same under another id. */
    public Command withId(String newId) {
        return new Command(newId, command, arguments, queue, maxTime, maxRestart, recurringPeriod, stream, tags);
    }

    /** The tags as they are written: a list or null. */
    public JsonNode tagsNode() {
        if (tags.isEmpty()) {
            return GoJson.nodes().nullNode();
        }
        ArrayNode list = GoJson.nodes().arrayNode();
        tags.get().forEach(list::add);
        return list;
    }

    /** The envelope as job lists show it: optional numbers only when they are not 0. */
    public ObjectNode toJson() {
        ObjectNode json = GoJson.object();
        json.put("id", id).put("command", command);
        json.set("arguments", arguments.orElse(GoJson.nodes().nullNode()));
        json.put("queue", queue);
        putUnlessZero(json, "max_time", maxTime);
        putUnlessZero(json, "max_restart", maxRestart);
        putUnlessZero(json, "recurring_period", recurringPeriod);
        json.put("stream", stream);
        json.set("tags", tagsNode());
        return json;
    }

    private static void putUnlessZero(ObjectNode json, String name, long value) {
        if (value != 0) {
            json.put(name, value);
        }
    }
}
