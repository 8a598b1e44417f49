package zship.localnode.container;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.GoJson;

/**
 * Reads {@code /.startup.toml}. Names of tables and fields match without case and underscores; an unknown one, an unknown
 * service in {@code after}, or a cycle rejects the whole file.
 */
final class StartupFile {

    /** Bounds the file: a start-up file has a few kilobytes. */
    static final int LARGEST = 1 << 20;

    private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\}");
    private static final Set<String> PHASES = Set.of("init", "net", "boot");
    private static final Set<String> FIELDS = Set.of("name", "after", "condition", "runningdelay", "runningmatch",
            "recurringperiod", "maxrestart", "protected", "tags", "args");

    private final Map<String, String> environment;
    private final Map<String, String> kernel;

    /** For a container with this environment, on a kernel with these parameters. */
    StartupFile(Map<String, String> environment, Map<String, String> kernel) {
        this.environment = environment;
        this.kernel = kernel;
    }

    /** The words of a kernel command line: names, with values where there are any. */
    static Map<String, String> kernelParameters(String commandLine) {
        Map<String, String> parameters = new HashMap<>();
        for (String word : commandLine.strip().split("\\s+")) {
            int equals = word.indexOf('=');
            parameters.put(equals < 0 ? word : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        return parameters;
    }

    /** The services in the order of the file. */
    List<Service> read(String text) throws StartupException {
        List<Service> services = new ArrayList<>();
        for (Map.Entry<String, JsonNode> top : StartupToml.read(text).properties()) {
            switch (StartupToml.plain(top.getKey())) {
                case "startup" -> {
                    for (Map.Entry<String, JsonNode> entry : StartupToml.table(top).properties()) {
                        services.add(service(entry));
                    }
                }
                case "extension" -> StartupToml.table(top);
                default -> throw new StartupException("unknown table '" + top.getKey() + "'");
            }
        }
        checkOrder(services);
        return services;
    }

    private Service service(Map.Entry<String, JsonNode> entry) throws StartupException {
        Fields fields = new Fields(entry.getKey());
        for (Map.Entry<String, JsonNode> field : StartupToml.table(entry).properties()) {
            if (!FIELDS.contains(StartupToml.plain(field.getKey()))) {
                throw new StartupException("unknown field '" + field.getKey() + "' in " + entry.getKey());
            }
            fields.values.put(StartupToml.plain(field.getKey()), field.getValue());
        }
        boolean wanted = Condition.holds(fields.text("condition"), kernel::containsKey);
        List<String> tags = fields.texts("tags");
        return new Service(entry.getKey(), fields.text("name"), arguments(fields.values.get("args")),
                fields.texts("after"), wanted, fields.number("runningdelay"), fields.match(),
                fields.number("recurringperiod"),
                fields.number("maxrestart"), fields.flag("protected"),
                tags.isEmpty() ? Optional.empty() : Optional.of(tags));
    }

    /** Arguments whose condition fails are dropped; the others lose the condition and have names filled in. */
    private JsonNode arguments(@Nullable JsonNode given) throws StartupException {
        ObjectNode kept = GoJson.object();
        if (given == null) {
            return kept;
        }
        for (Map.Entry<String, JsonNode> argument : sorted(given)) {
            int bar = argument.getKey().lastIndexOf('|');
            String condition = bar < 0 ? "" : argument.getKey().substring(0, bar);
            if (Condition.holds(condition, environment::containsKey)) {
                kept.set(argument.getKey().substring(bar + 1), substitute(argument.getValue()));
            }
        }
        return kept;
    }

    /** Go writes the keys of a map in their order, which job lists show. */
    private static List<Map.Entry<String, JsonNode>> sorted(JsonNode table) {
        return table.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    private JsonNode substitute(JsonNode value) {
        if (value.isString()) {
            return GoJson.nodes().stringNode(substitute(value.stringValue()));
        }
        if (value.isArray()) {
            ArrayNode list = GoJson.nodes().arrayNode();
            value.forEach(item -> list.add(substitute(item)));
            return list;
        }
        if (value.isObject()) {
            ObjectNode table = GoJson.object();
            sorted(value).forEach(entry -> table.set(entry.getKey(), substitute(entry.getValue())));
            return table;
        }
        return value;
    }

    private String substitute(String text) {
        return NAME.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            String value = environment.containsKey(name) ? environment.get(name) : kernel.get(name);
            return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
    }

    private static void checkOrder(List<Service> services) throws StartupException {
        Map<String, Service> byKey = new LinkedHashMap<>();
        services.forEach(service -> byKey.put(service.key(), service));
        Set<String> done = new HashSet<>();
        for (Service service : services) {
            visit(service, byKey, new HashSet<>(), done);
        }
    }

    private static void visit(Service service, Map<String, Service> all, Set<String> path, Set<String> done)
            throws StartupException {
        if (done.contains(service.key())) {
            return;
        }
        if (!path.add(service.key())) {
            throw new StartupException("services wait for each other: " + String.join(", ", path));
        }
        for (String name : service.after()) {
            Service other = all.get(name);
            if (other != null) {
                visit(other, all, path, done);
            } else if (!PHASES.contains(name)) {
                throw new StartupException("service " + service.key() + " waits for the unknown " + name);
            }
        }
        path.remove(service.key());
        done.add(service.key());
    }

    private static final class Fields {
        private final String key;
        private final Map<String, JsonNode> values = new HashMap<>();

        Fields(String key) {
            this.key = key;
        }

        String text(String name) throws StartupException {
            JsonNode value = values.get(name);
            if (value != null && !value.isString()) {
                throw wrong(name, "text");
            }
            return value == null ? "" : value.stringValue();
        }

        Optional<RunningMatch> match() throws StartupException {
            String text = text("runningmatch");
            try {
                return text.isEmpty() ? Optional.empty() : Optional.of(RunningMatch.of(text));
            } catch (StartupException malformed) {
                throw new StartupException("running_match of " + key + ": " + malformed.getMessage());
            }
        }

        long number(String name) throws StartupException {
            JsonNode value = values.get(name);
            if (value != null && !value.isIntegralNumber()) {
                throw wrong(name, "a whole number");
            }
            return value == null ? 0 : value.longValue();
        }

        boolean flag(String name) throws StartupException {
            JsonNode value = values.get(name);
            if (value != null && !value.isBoolean()) {
                throw wrong(name, "true or false");
            }
            return value != null && value.booleanValue();
        }

        List<String> texts(String name) throws StartupException {
            List<String> list = new ArrayList<>();
            JsonNode value = values.get(name);
            if (value == null) {
                return list;
            }
            if (!value.isArray()) {
                throw wrong(name, "a list");
            }
            for (JsonNode item : value) {
                if (!item.isString()) {
                    throw wrong(name, "a list of texts");
                }
                list.add(item.stringValue());
            }
            return list;
        }

        private StartupException wrong(String name, String wanted) {
            return new StartupException("field " + name + " of " + key + " must be " + wanted);
        }
    }
}
