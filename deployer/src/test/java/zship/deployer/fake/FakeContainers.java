package zship.deployer.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import zship.deployer.node.NodeJson;

/** The containers of a fake node: their commands, their forwards, and a service behind each. */
public final class FakeContainers implements AutoCloseable {

    /** A container: what was asked for, its ports, and its service. */
    public static final class Entry {
        private final int id;
        private final JsonNode arguments;
        private final List<String> tags;
        private final Map<String, Integer> ports = new LinkedHashMap<>();
        private final Map<String, AutoCloseable> listeners = new LinkedHashMap<>();
        private volatile boolean up = true;

        private Entry(int id, JsonNode arguments, List<String> tags) {
            this.id = id;
            this.arguments = arguments;
            this.tags = tags;
        }

        public int id() {
            return id;
        }

        public String env(String name) {
            return arguments.path("env").path(name).asString("");
        }

        public synchronized Map<String, Integer> ports() {
            return new LinkedHashMap<>(ports);
        }
    }

    private final FakeNode node;
    private final Map<Integer, Entry> entries = new ConcurrentSkipListMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Function<Entry, FakeService.Behaviour> services;
    private final AtomicBoolean losesAnswer = new AtomicBoolean();
    private final Map<Integer, Reply> refused = new LinkedHashMap<>();
    private final Map<String, Function<Request, Reply>> inside = new LinkedHashMap<>();

    /** Containers of a node; {@code services} says what listens in each. */
    public FakeContainers(FakeNode node, Function<Entry, FakeService.Behaviour> services) {
        this.node = node;
        this.services = services;
        node.on("corex.create", this::create).on("corex.list", r -> list(List.of())).on("corex.find", this::find)
                .on("corex.get", this::get).on("corex.terminate", this::terminate)
                .on("corex.portforward-add", r -> forward(r, true))
                .on("corex.portforward-remove", r -> forward(r, false))
                .on("corex.dispatch", this::dispatch).on("info.port", r -> Reply.json("[]"))
                .on("process.list", r -> Reply.json("[]"));
        inside("core.ping", r -> Reply.json("\"PONG Version: test @Revision: 1\""));
        inside("job.list", r -> Reply.json("[{\"cmd\":{\"id\":\"icecast\",\"command\":\"core.system\"},\"pid\":9}]"));
        inside("info.port", r -> Reply.json("[]"));
    }

    /** Answers a command inside every container. */
    public FakeContainers inside(String command, Function<Request, Reply> handler) {
        inside.put(command, handler);
        return this;
    }

    /** The node's Redis restarts while the next container is created: the container is there, the answer is not. */
    public void loseAnswerOfCreate() {
        losesAnswer.set(true);
    }

    /** Refuses forwards to this container that are added after its creation. */
    public void refuseForward(int id, Reply reply) {
        refused.put(id, reply);
    }

    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    public Entry only() {
        if (entries.size() != 1) {
            throw new AssertionError("expected one container, there are " + entries.keySet());
        }
        return entries.values().iterator().next();
    }

    /** A container vanishes as when its first process dies. */
    public void vanish(int id) {
        Entry entry = entries.remove(id);
        entry.up = false;
        entry.ports().keySet().forEach(host -> close(entry, host));
    }

    private Reply create(Request request) {
        JsonNode arguments = request.arguments();
        List<String> tags = new ArrayList<>();
        request.envelope().path("tags").forEach(tag -> tags.add(tag.asString("")));
        Entry entry = new Entry(ids.incrementAndGet(), arguments, tags);
        for (Map.Entry<String, JsonNode> port : arguments.path("port").properties()) {
            String fault = open(entry, port.getKey(), port.getValue().asInt(0));
            if (!fault.isEmpty()) {
                entry.ports().keySet().forEach(host -> close(entry, host));
                return Reply.error(500, fault);
            }
        }
        entries.put(entry.id, entry);
        if (losesAnswer.getAndSet(false)) {
            node.keys().clear();
            return Reply.never();
        }
        return Reply.json(String.valueOf(entry.id));
    }

    private Reply find(Request request) {
        List<String> wanted = new ArrayList<>();
        request.arguments().path("tags").forEach(tag -> wanted.add(tag.asString("")));
        return list(wanted);
    }

    private Reply list(List<String> tags) {
        Map<String, @Nullable Object> found = new LinkedHashMap<>();
        entries.values().stream().filter(e -> e.tags.containsAll(tags))
                .forEach(e -> found.put(String.valueOf(e.id), describe(e)));
        return Reply.json(NodeJson.write(found));
    }

    private Reply get(Request request) {
        JsonNode query = request.arguments().path("query");
        for (Entry entry : entries.values()) {
            boolean hit = query.isString()
                    ? query.asString().equalsIgnoreCase(entry.arguments.path("name").asString(""))
                    : query.asInt(0) == entry.id;
            if (hit) {
                Map<String, @Nullable Object> found = new LinkedHashMap<>(describe(entry));
                found.put("id", entry.id);
                return Reply.json(NodeJson.write(found));
            }
        }
        return Reply.json("null");
    }

    private static Map<String, @Nullable Object> describe(Entry entry) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        entry.arguments.forEachEntry(arguments::put);
        arguments.put("tags", entry.tags);
        arguments.put("port", entry.ports());
        Map<String, @Nullable Object> container = new LinkedHashMap<>();
        container.put("arguments", arguments);
        container.put("root", "/mnt/containers/" + entry.id);
        container.put("pid", 1000 + entry.id);
        return new LinkedHashMap<>(Map.of("rss", 5_734_400, "container", container));
    }

    private Reply terminate(Request request) {
        int id = request.arguments().path("container").asInt(0);
        if (!entries.containsKey(id)) {
            return Reply.error(500, "no container with id '" + id + "'");
        }
        vanish(id);
        return Reply.json("null");
    }

    private Reply forward(Request request, boolean add) {
        Entry entry = entries.get(request.arguments().path("container").asInt(0));
        String host = request.arguments().path("host_port").asString("");
        if (entry == null) {
            return Reply.error(404, "container does not exist");
        }
        if (!add) {
            close(entry, host);
            return Reply.json("null");
        }
        if (refused.containsKey(entry.id)) {
            return refused.get(entry.id);
        }
        String fault = open(entry, host, request.arguments().path("container_port").asInt(0));
        return fault.isEmpty() ? Reply.json("null") : Reply.error(500, fault);
    }

    private String open(Entry entry, String host, int port) {
        boolean taken = entries.values().stream().anyMatch(e -> e.ports().containsKey(host));
        if (taken) {
            return "port " + host + " already in use";
        }
        synchronized (entry) {
            entry.ports.put(host, port);
            entry.listeners.put(host, FakeService.listen(Integer.parseInt(host), services.apply(entry)));
        }
        return "";
    }

    private static void close(Entry entry, String host) {
        synchronized (entry) {
            entry.ports.remove(host);
            AutoCloseable listener = entry.listeners.remove(host);
            if (listener != null) {
                try {
                    listener.close();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private Reply dispatch(Request request) {
        int id = request.arguments().path("container").asInt(0);
        if (!entries.containsKey(id)) {
            return Reply.error(500, "container does not exist");
        }
        JsonNode inner = request.arguments().path("command");
        Request job = new Request(inner.path("id").asString(""), inner.path("command").asString(""),
                inner.path("arguments"), inner, id);
        Reply reply = inside.getOrDefault(job.command(), r -> Reply.unknown()).apply(job);
        if (!reply.silent()) {
            node.keys().push("result:" + job.id(), reply.envelope(job));
        }
        return Reply.json("\"" + job.id() + "\"");
    }

    /** Posts the end of a start-up service, as a container does. */
    public void serviceEnded(int container, String service, Reply how) {
        Request job = new Request(service, "core.system", NodeJson.read("nothing", "{}"),
                NodeJson.read("nothing", "{}"), container);
        node.keys().push("result:" + service, how.envelope(job));
    }

    @Override
    public void close() {
        entries.keySet().forEach(this::vanish);
    }
}
