package zship.recorded;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.NodeState;

/** Plays one recorded conversation to a node and keeps what was expected and what came, in comparable form. */
final class NodeReplay {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern CONTAINER_KEY = Pattern.compile("result:core-(\\d+)");
    private static final String QUEUE = "core:default";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final NodeState node;
    private final RawRedis client;
    private final RecordedRoots roots;
    private final Path scratch;
    private final NodeCase recorded;
    private final Map<String, Integer> ports;
    private final Map<Integer, Integer> containers = new HashMap<>();
    private final Map<Long, Long> processes = new HashMap<>();
    private final Map<String, String> innerIds = new HashMap<>();
    private final List<String> differences = new ArrayList<>();

    NodeReplay(NodeCase recorded, NodeState node, RawRedis client, RecordedRoots roots, Path scratch)
            throws IOException {
        this.recorded = recorded;
        this.node = node;
        this.client = client;
        this.roots = roots;
        this.scratch = scratch;
        this.ports = RecordedPorts.of(recorded);
    }

    /** Every step whose answer is not the recorded one. */
    List<String> differences() {
        return differences;
    }

    void play() throws Exception {
        for (int i = 0; i < recorded.steps().size(); i++) {
            JsonNode step = recorded.steps().get(i);
            String place = i + " " + JSON.writeValueAsString(step.path("request"));
            boolean compared = NodeDifferences.of(recorded.name(), i).isEmpty();
            if (step.has("push")) {
                push(translated(JSON.writeValueAsString(step.get("push"))));
            } else if (step.has("request")) {
                request(step, place, compared);
            } else if (step.has("posted")) {
                String result = step.get("posted").stringValue();
                String id = JSON.readTree(result).path("id").asString("");
                String came = posted(inner(id));
                learn(JSON.readTree(result), result, came);
                compare(place, compared, () -> result(result), () -> result(came));
            } else if (step.has("send")) {
                send(step, place, compared);
            } else {
                stream(step, place, compared);
            }
        }
    }

    private interface Side {
        String get() throws Exception;
    }

    private void compare(String place, boolean compared, Side wanted, Side got) throws Exception {
        String came = got.get();
        if (compared && !wanted.get().equals(came)) {
            differences.add("step " + place + "\n  recorded " + wanted.get() + "\n  here     " + came + "\n");
        }
    }

    /** The recorded text with this run's addresses, folders, ports, containers and processes. */
    private String translated(String text) {
        String here = text.replace("http://10.99.0.1:1/", "http://127.0.0.1:1/")
                .replace("http://10.99.0.1:8897", roots.web()).replace("http://10.99.0.1:8899", roots.web())
                .replace("/srv/data/flists/x/www", roots.folder()).replace("/tmp/gold", scratch + "/gold")
                .replace("zdb://10.99.0.1:9912", roots.emptyStore())
                .replace("zdb://10.99.0.1:9911", roots.chunkStore()).replace("zdb://10.99.0.1:9900", roots.chunkStore())
                .replace("redis://10.99.0.1:9911", roots.chunkStore().replace("zdb:", "redis:"));
        return RecordedPorts.replaced(here, ports);
    }

    private void push(String envelope) throws Exception {
        client.ask("RPUSH", QUEUE, envelope);
        client.ask("BRPOPLPUSH", flag(envelope), flag(envelope), "10");
        String name = JSON.readTree(envelope).path("arguments").path("name").asString("");
        if (JSON.readTree(envelope).path("command").asString("").startsWith("corex.create")) {
            awaitContainer(name, envelope);
        } else if (envelope.contains("\"stream\":true") && envelope.contains("echo")) {
            String list = "stream:" + JSON.readTree(envelope).path("id").asString("");
            await(() -> isThere(list));
        } else if (envelope.contains("core.system")) {
            awaitProcess(JSON.readTree(envelope).path("id").asString(""));
        }
    }

    /** Something that a node comes to by itself. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Asks again until it holds. What never comes to hold shows in the comparisons that follow. */
    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
    }

    /** The program runs, or has ended. */
    private void awaitProcess(String job) throws Exception {
        await(() -> !run("job.list", Map.of("id", job)).contains("\"pid\":0"));
    }

    /** The same inside a container; {@code job} is a JSON string. */
    private void awaitInside(int container, String job) throws Exception {
        Map<String, ?> command = Map.of("command", "job.list", "arguments", Map.of("id", JSON.readTree(job)));
        await(() -> {
            String look = run("corex.dispatch", Map.of("container", container, "command", command));
            return !JSON.readTree(posted(JSON.readTree(look).asString(""))).path("data").asString("")
                    .contains("\"pid\":0");
        });
    }

    private String run(String command, Map<String, ?> arguments) throws IOException {
        String id = "look-" + System.nanoTime();
        client.ask("RPUSH", QUEUE,
                JSON.writeValueAsString(Map.of("id", id, "command", command, "arguments", arguments)));
        return JSON.readTree(posted(id)).path("data").asString("");
    }

    /** The container is known, and runs if the command lasts as long as it; or the command was refused. */
    private void awaitContainer(String name, String envelope) throws Exception {
        boolean lasting = envelope.contains("create-sync");
        String result = "result:" + JSON.readTree(envelope).path("id").asString("");
        await(() -> {
            String found = run(lasting ? "corex.list" : "corex.get", Map.of("query", name));
            return !found.equals("null") && !found.equals("{}") || isThere(result);
        });
    }

    private boolean isThere(String list) throws IOException {
        return length(list) > 0;
    }

    private int length(String list) throws IOException {
        return Integer.parseInt(client.ask("LLEN", list).substring(1).strip());
    }

    /** How many items of this conversation a recorded answer tells of: those of a job that nobody waits for come when it ends. */
    private int itemsOf(String reply) {
        return reply.startsWith(":")
                ? Integer.parseInt(reply.substring(1).strip())
                : Math.toIntExact(
                        reply.lines().filter(line -> line.startsWith("{")).filter(this::isOfThisCase).count());
    }

    private static String flag(String envelope) {
        JsonNode json = JSON.readTree(envelope);
        return "result:" + json.path("id").asString(json.path("ID").asString("")) + ":flag";
    }

    private void request(JsonNode step, String place, boolean compared) throws Exception {
        JsonNode request = JSON.readTree(translated(JSON.writeValueAsString(step.get("request"))));
        JsonNode arguments = request.path("arguments");
        for (String name : List.of("container", "query")) {
            if (arguments.path(name).isInt() && containers.containsKey(arguments.get(name).asInt())) {
                ((ObjectNode) arguments).put(name, containers.get(arguments.get(name).asInt()));
            }
        }
        if (processes.containsKey(arguments.path("pid").asLong(0))) {
            ((ObjectNode) arguments).put("pid", processes.get(arguments.get("pid").asLong()));
        }
        replaceInner(arguments);
        replaceInner(arguments.path("command").path("arguments"));
        client.ask("RPUSH", QUEUE, JSON.writeValueAsString(request));
        String came = posted(request.path("id").asString(""));
        String wanted = step.path("result").asString("");
        learn(request, wanted, came);
        if (arguments.path("command").path("arguments").path("name").asString("").equals("sleep")) {
            awaitInside(arguments.path("container").asInt(), JSON.readTree(came).path("data").asString(""));
        }
        compare(place, compared && !wanted.isEmpty(), () -> result(wanted), () -> result(came));
    }

    private void replaceInner(JsonNode arguments) {
        for (String name : List.of("id", "fd")) {
            String value = arguments.path(name).asString("");
            if (innerIds.containsKey(value)) {
                ((ObjectNode) arguments).put(name, innerIds.get(value));
            }
        }
    }

    private void learn(JsonNode request, String wanted, String came) {
        if (wanted.isEmpty() || JSON.readTree(wanted).path("level").asInt() != 20
                || JSON.readTree(came).path("level").asInt() != 20) {
            return;
        }
        JsonNode there = JSON.readTree(JSON.readTree(wanted).path("data").asString("null"));
        String data = JSON.readTree(came).path("data").asString("");
        JsonNode here = JSON.readTree(data);
        String command = request.path("command").asString("");
        if (command.startsWith("corex.create") && there.isInt() && here.isInt()) {
            containers.put(there.asInt(), here.asInt());
        } else if (there.isString() && here.isString() && isOpaque(there.stringValue())
                && isOpaque(here.stringValue())) {
            innerIds.put(there.stringValue(), here.stringValue());
        } else if (command.equals("corex.get") && there.path("container").path("pid").asLong(0) > 0) {
            processes.put(there.path("container").path("pid").asLong(), here.path("container").path("pid").asLong(0));
        } else if (command.equals("job.list") && there.path(0).path("pid").asLong(0) > 0) {
            processes.put(there.path(0).path("pid").asLong(), JSON.readTree(data).path(0).path("pid").asLong(0));
        }
    }

    private static boolean isOpaque(String text) {
        return text.matches("[0-9a-f]{8}-[0-9a-f-]{27}");
    }

    private String inner(String id) {
        Matcher container = CONTAINER_KEY.matcher("result:" + id);
        if (container.matches()) {
            int number = Integer.parseInt(container.group(1));
            return "core-" + containers.getOrDefault(number, number);
        }
        return innerIds.getOrDefault(id, id);
    }

    private String posted(String id) throws IOException {
        return client.text("BRPOPLPUSH", "result:" + id, "result:" + id, "50");
    }

    private void send(JsonNode step, String place, boolean compared) throws Exception {
        JsonNode command = step.get("send");
        String wanted = step.get("reply").asString("");
        if (command.isString()) {
            try (RawRedis own = new RawRedis(node.nodeAddress())) {
                compare(place + command, compared, () -> wanted, () -> own.raw(command.stringValue()));
            }
            return;
        }
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(key(translated(word.asString()))));
        String[] request = words.toArray(String[]::new);
        if (!request[0].equals("RPUSH") && !words.getLast().equals("-1")) {
            awaitEmptyQueue();
        }
        if (compared && (request[0].equals("LRANGE") || request[0].equals("LLEN"))) {
            int items = itemsOf(wanted);
            await(() -> length(request[1]) >= items);
        }
        compare(place + command, compared, () -> reply(wanted), () -> reply(client.ask(request)));
    }

    private String key(String word) {
        String prefix = word.startsWith("result:") ? "result:" : "";
        String suffix = word.endsWith(":flag") ? ":flag" : "";
        return prefix.isEmpty()
                ? word
                : prefix + inner(word.substring(prefix.length(), word.length() - suffix.length())) + suffix;
    }

    /** Whatever was pushed has been looked at: only then does it mean something that nothing came of it. */
    private void awaitEmptyQueue() throws Exception {
        await(() -> !isThere(QUEUE));
        String id = "drained-" + System.nanoTime();
        client.ask("RPUSH", QUEUE, "{\"id\":\"" + id + "\",\"command\":\"core.ping\"}");
        posted(id);
    }

    private void stream(JsonNode step, String place, boolean compared) throws Exception {
        String id = inner(step.get("stream").stringValue());
        List<String> wanted = new ArrayList<>();
        step.get("messages").forEach(message -> wanted.add(message(message.stringValue())));
        List<String> came = new ArrayList<>();
        while (came.isEmpty() || (JSON.readTree(came.getLast()).path("message").path("meta").asLong() & 6) == 0) {
            String item = client.ask("BLPOP", "stream:" + id, "50");
            if (!item.contains("{")) {
                throw new IOException("no message of " + id + " came after " + came);
            }
            came.add(message(item.substring(item.indexOf('{'), item.lastIndexOf('}') + 1)));
        }
        compare(place, compared, wanted::toString, came::toString);
    }

    private String message(String text) {
        ObjectNode json = (ObjectNode) JSON.readTree(text);
        ((ObjectNode) json.get("message")).put("epoch", 0);
        return NodeDifferences.version(recordedIds(JSON.writeValueAsString(json)));
    }

    private String result(String text) {
        Set<String> known = new HashSet<>();
        known.add(node.storeUrl());
        known.add(roots.chunkStore());
        known.add(roots.emptyStore());
        return NodeDifferences.result(recordedIds(text), known, ports);
    }

    /** This run's ids as the recorded ones. */
    private String recordedIds(String text) {
        String out = text.replace("127.0.0.1:1/", "10.99.0.1:1/").replace("tcp 127.0.0.1:1:", "tcp 10.99.0.1:1:")
                .replace(roots.web(), "http://10.99.0.1:8897")
                .replace(roots.folder(), "/srv/data/flists/x/www")
                .replace(scratch + "/gold", "/tmp/gold").replace("10.99.0.1:8899", "10.99.0.1:8897");
        for (Map.Entry<String, String> id : innerIds.entrySet()) {
            out = out.replace(id.getValue(), id.getKey());
        }
        return out;
    }

    private String reply(String text) {
        if (text.startsWith("*") && text.contains("{\"id\":")) {
            StringBuilder items = new StringBuilder();
            text.lines().filter(line -> line.startsWith("{")).filter(this::isOfThisCase)
                    .forEach(line -> items.append(result(line)).append('\n'));
            return items.toString();
        }
        if (text.startsWith("*") && text.contains("{\"core\":")) {
            return text.lines().filter(line -> line.startsWith("{")).map(this::message).toList().toString();
        }
        return text.startsWith("*0") ? "" : NodeDifferences.reply(text);
    }

    /** Lists of a recorded node hold results of earlier conversations too. */
    private boolean isOfThisCase(String item) {
        int container = JSON.readTree(item).path("container").asInt(0);
        return container == 0 || containers.containsKey(container) || containers.containsValue(container);
    }
}
