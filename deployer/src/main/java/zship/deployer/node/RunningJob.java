package zship.deployer.node;

import java.time.Instant;

import tools.jackson.databind.JsonNode;

/**
 * A job that runs.
 *
 * @param id its id; the key of a start-up service
 * @param command its command
 * @param started since when
 * @param pid its process; 0 for built-in commands and scripts
 * @param residentBytes memory in use
 */
public record RunningJob(String id, String command, Instant started, long pid, long residentBytes) {

    /** Reads an item of {@code job.list}. */
    public static RunningJob parse(JsonNode json) {
        return new RunningJob(json.path("cmd").path("id").asString(""), json.path("cmd").path("command").asString(""),
                Instant.ofEpochMilli(json.path("starttime").asLong(0)), json.path("pid").asLong(0),
                json.path("rss").asLong(0));
    }
}
