package zship.localnode.job;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.JsonNode;

import zship.localnode.resp.Keyspace;

/**
 * The lists {@code logger:<name>} that get a copy of every message of every job, and the commands {@code logger.*} that make and
 * end them. Levels are taken and have no effect: 0-core's list holds messages of all levels (measured).
 */
public final class LogQueues {

    private static final System.Logger LOG = System.getLogger(LogQueues.class.getName());
    private static final JsonNode NULL = GoJson.nodes().nullNode();
    private static final String PREFIX = "logger:";
    private static final int ITEMS = 1000;
    private static final int MOST = 100;
    private static final Set<String> LEVELS = Set.of("CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG");

    private final Keyspace keyspace;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<String> cut = ConcurrentHashMap.newKeySet();

    LogQueues(Keyspace keyspace) {
        this.keyspace = keyspace;
    }

    /** Copies a message of a job; it is dropped where there is no room, which is logged once for a list. */
    void copy(int core, String job, Message message) {
        for (String name : names) {
            byte[] item = message.toJson(core, job).getBytes(StandardCharsets.UTF_8);
            if (!keyspace.offer(name, item, ITEMS, 0) && cut.add(name)) {
                LOG.log(System.Logger.Level.WARNING, "the lists are full, {0} does not get all messages", name);
            }
        }
    }

    /** The commands. */
    public Map<String, Builtin> commands() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("logger.subscribe", this::subscribe);
        all.put("logger.unsubscribe", this::unsubscribe);
        all.put("logger.set_level", LogQueues::setLevel);
        all.put("logger.reopen", arguments -> NULL);
        return all;
    }

    private static String queue(Arguments arguments) throws CommandException {
        String queue = arguments.text("queue");
        if (queue.isEmpty()) {
            throw new CommandException(CommandException.FAILED, "queue is required");
        }
        return Keyspace.name(queue.startsWith(PREFIX) ? queue : PREFIX + queue);
    }

    private JsonNode subscribe(Arguments arguments) throws CommandException {
        String queue = queue(arguments);
        if (names.size() >= MOST && !names.contains(queue)) {
            throw new CommandException(CommandException.UNAVAILABLE, "there are " + MOST + " log queues already");
        }
        names.add(queue);
        cut.remove(queue);
        return GoJson.nodes().stringNode(queue);
    }

    private JsonNode unsubscribe(Arguments arguments) throws CommandException {
        String queue = queue(arguments);
        names.remove(queue);
        cut.remove(queue);
        return NULL;
    }

    private static JsonNode setLevel(Arguments arguments) throws CommandException {
        String level = arguments.text("level");
        if (!LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
            throw new CommandException(CommandException.FAILED, "invalid log level: " + level);
        }
        return NULL;
    }
}
