package zship.localnode.job;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of a job as clients read it.
 *
 * @param id        job id
 * @param command   name of the command; empty for the job of a container itself
 * @param outcome   what it came to
 * @param startedAt milliseconds since 1970; 0 when nothing ran
 * @param took      milliseconds of the last run
 * @param tags      tags of the command, a list or null
 * @param core      0 for the node, else the container's id
 */
public record JobResult(String id, String command, Outcome outcome, long startedAt, long took, JsonNode tags,
        int core) {

    /** The JSON text. Order of fields, and which are absent, as measured on 0-core. */
    public String toJson() {
        ObjectNode json = GoJson.object();
        json.put("id", id).put("command", command).put("data", outcome.data());
        outcome.streams().ifPresent(streams -> json.putArray("streams").add(streams.stdout()).add(streams.stderr()));
        if (!outcome.critical().isEmpty()) {
            json.put("critical", outcome.critical());
        }
        json.put("level", outcome.level()).put("state", outcome.state().name()).put("code", outcome.code());
        json.put("starttime", startedAt).put("time", took);
        json.set("tags", tags);
        json.put("container", core);
        return GoJson.write(json);
    }
}
