package zship.deployer.node;

import tools.jackson.databind.JsonNode;

/**
 * A process.
 *
 * @param pid its number
 * @param parent its parent's number
 * @param name its short name
 * @param commandLine its command line
 * @param residentBytes memory in use
 */
public record ProcessInfo(long pid, long parent, String name, String commandLine, long residentBytes) {

    static ProcessInfo parse(JsonNode json) {
        return new ProcessInfo(json.path("pid").asLong(0), json.path("ppid").asLong(0), json.path("name").asString(""),
                json.path("cmdline").asString(""), json.path("rss").asLong(0));
    }
}
