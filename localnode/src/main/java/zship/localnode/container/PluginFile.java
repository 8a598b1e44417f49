package zship.localnode.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

import zship.localnode.job.ProgramCommand;

/** Reads {@code /.plugin.toml}: programs of the root that answer commands {@code <domain>.<function>}. */
final class PluginFile {

    private static final Set<String> FIELDS = Set.of("path", "queue", "exports");

    /**
     * One command.
     *
     * @param command {@code <domain>.<function>}
     * @param program what answers it
     */
    record Plugin(String command, ProgramCommand program) {
    }

    private PluginFile() {
    }

    static List<Plugin> read(String text) throws StartupException {
        List<Plugin> plugins = new ArrayList<>();
        for (Map.Entry<String, JsonNode> top : StartupToml.read(text).properties()) {
            if (!StartupToml.plain(top.getKey()).equals("plugin")) {
                throw new StartupException("unknown table '" + top.getKey() + "'");
            }
            for (Map.Entry<String, JsonNode> domain : StartupToml.table(top).properties()) {
                plugins.addAll(domain(domain.getKey(), StartupToml.table(domain)));
            }
        }
        return plugins;
    }

    private static List<Plugin> domain(String name, JsonNode table) throws StartupException {
        String path = "";
        boolean queue = false;
        List<String> exports = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : table.properties()) {
            String key = StartupToml.plain(field.getKey());
            if (!FIELDS.contains(key)) {
                throw new StartupException("unknown field '" + field.getKey() + "' in " + name);
            }
            switch (key) {
                case "path" -> path = field.getValue().asString("");
                case "queue" -> queue = field.getValue().asBoolean(false);
                default -> field.getValue().forEach(export -> exports.add(export.asString("")));
            }
        }
        String program = path;
        String line = queue ? "plugin:" + name : "";
        return exports.stream()
                .map(export -> new Plugin(name + "." + export, new ProgramCommand(program, export, line))).toList();
    }
}
