package zship.localnode.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.cgroup.ControlGroups.Group;
import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/** The commands {@code cgroup.*} with the texts and codes of 0-core (measured). */
public final class ControlGroupCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();
    private static final String MEMORY = "memory";
    private static final String CPUSET = "cpuset";

    private final ControlGroups groups;

    private ControlGroupCommands(ControlGroups groups) {
        this.groups = groups;
    }

    private interface Action {
        JsonNode run(Arguments arguments) throws CommandException, IOException;
    }

    /** The commands. */
    public static Map<String, Builtin> of(ControlGroups groups) {
        ControlGroupCommands commands = new ControlGroupCommands(groups);
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("cgroup.list", guarded(arguments -> commands.list()));
        all.put("cgroup.ensure", guarded(commands::ensure));
        all.put("cgroup.remove", guarded(commands::remove));
        all.put("cgroup.tasks", guarded(commands::tasks));
        all.put("cgroup.task-add", guarded(commands::addTask));
        all.put("cgroup.task-remove", guarded(commands::removeTask));
        all.put("cgroup.reset", guarded(commands::reset));
        all.put("cgroup.memory.spec", guarded(commands::memory));
        all.put("cgroup.cpuset.spec", guarded(commands::cpuset));
        return all;
    }

    private static Builtin guarded(Action action) {
        return arguments -> {
            try {
                return action.run(arguments);
            } catch (IOException refused) {
                throw new CommandException(CommandException.FAILED, String.valueOf(refused.getMessage()));
            }
        };
    }

    private JsonNode list() throws IOException {
        ObjectNode all = GoJson.object();
        for (String subsystem : ControlGroups.SUBSYSTEMS) {
            List<String> names = groups.names(subsystem);
            if (!names.isEmpty()) {
                ArrayNode list = all.putArray(subsystem);
                names.forEach(list::add);
            }
        }
        return all;
    }

    private static String subsystem(Arguments arguments) throws CommandException {
        String subsystem = arguments.text("subsystem");
        if (!ControlGroups.isSubsystem(subsystem)) {
            throw new CommandException(CommandException.FAILED, "unknown subsystem '" + subsystem + "'");
        }
        return subsystem;
    }

    private Group group(String subsystem, Arguments arguments) throws CommandException {
        return groups.find(subsystem, arguments.text("name")).orElseThrow(
                () -> new CommandException(CommandException.NOT_FOUND, "cgroup does not exist"));
    }

    private JsonNode ensure(Arguments arguments) throws CommandException, IOException {
        groups.ensure(subsystem(arguments), arguments.text("name"));
        return NULL;
    }

    private JsonNode remove(Arguments arguments) throws CommandException, IOException {
        groups.remove(subsystem(arguments), arguments.text("name"));
        return NULL;
    }

    private JsonNode tasks(Arguments arguments) throws CommandException, IOException {
        ArrayNode list = GoJson.nodes().arrayNode();
        group(subsystem(arguments), arguments).members().forEach(list::add);
        return list;
    }

    private static long pid(Arguments arguments) throws CommandException {
        return arguments.number("pid", 0, Integer.MAX_VALUE, "int");
    }

    private JsonNode addTask(Arguments arguments) throws CommandException, IOException {
        group(subsystem(arguments), arguments).add(pid(arguments));
        return NULL;
    }

    private JsonNode removeTask(Arguments arguments) throws CommandException, IOException {
        String subsystem = subsystem(arguments);
        long pid = pid(arguments);
        if (group(subsystem, arguments).members().contains(pid)) {
            groups.release(subsystem, pid);
        }
        return NULL;
    }

    private JsonNode reset(Arguments arguments) throws CommandException, IOException {
        String subsystem = subsystem(arguments);
        Group group = group(subsystem, arguments);
        if (subsystem.equals(MEMORY)) {
            new MemoryLimit(group).set(MemoryLimit.NONE, 0);
        } else if (subsystem.equals(CPUSET) && !group.unified()) {
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                group.write(file, Files.readString(group.directory().resolveSibling(file)).strip());
            }
        }
        return NULL;
    }

    private JsonNode memory(Arguments arguments) throws CommandException, IOException {
        MemoryLimit limit = new MemoryLimit(group(MEMORY, arguments));
        long memory = arguments.number("mem", 0, Long.MAX_VALUE, "int");
        long swap = arguments.number("swap", 0, Long.MAX_VALUE, "int");
        if (memory > 0) {
            limit.set(memory, swap);
        }
        return GoJson.object().put("mem", limit.memory()).put("swap", limit.swap());
    }

    private JsonNode cpuset(Arguments arguments) throws CommandException, IOException {
        Group group = group(CPUSET, arguments);
        ObjectNode json = GoJson.object();
        for (String name : List.of("cpus", "mems")) {
            String wanted = arguments.text(name);
            if (!wanted.isEmpty()) {
                group.write("cpuset." + name, wanted);
            }
            json.put(name, group.read("cpuset." + name).orElse(""));
        }
        return json;
    }
}
