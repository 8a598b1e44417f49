package zship.localnode.job;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The command {@code config.get}: the node's settings in the shape that 0-core gives (measured). */
public final class SettingsCommand {

    private static final int MOST_JOBS = 524_288;

    private SettingsCommand() {
    }

    /**
     * The settings.
     *
     * @param storage    chunk store of containers that name none
     * @param containers how many there may be
     */
    public static JsonNode settings(String storage, int containers) {
        ObjectNode json = GoJson.object();
        ObjectNode main = json.putObject("main").put("max_jobs", MOST_JOBS);
        main.putArray("include");
        main.put("network", "").put("log_level", "info");
        json.putObject("globals").put("storage", storage);
        json.putNull("extension");
        ObjectNode logger = json.putObject("logger");
        logger.putObject("file").putArray("levels");
        ObjectNode lists = logger.putObject("Ledis");
        lists.putObject("ledis").putNull("levels");
        lists.put("size", 1000);
        json.putObject("containers").put("max_count", containers);
        json.putObject("stats").put("enabled", false);
        return json;
    }
}
