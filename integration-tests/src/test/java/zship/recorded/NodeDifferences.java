package zship.recorded;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What may differ between a recorded answer and one of the local node: named steps with their reason, and values of a run. */
final class NodeDifferences {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Case and step to the reason why the answers differ. */
    private static final Map<String, String> STEPS = steps();

    private static final Set<String> OF_A_RUN = Set.of("cpu", "rss", "vms", "time", "starttime", "createtime", "size",
            "rlimit",
            "ofd");

    /** Commands that tell about the machine: names and types of their fields count. */
    private static final Pattern MACHINE = Pattern.compile("info\\..*|core\\.state|config\\.get");

    private NodeDifferences() {
    }

    private static String shape(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream().map(field -> field.getKey() + ":" + shape(field.getValue())).toList()
                    .toString();
        }
        return value.isArray() && !value.isEmpty() && value.get(0).isObject()
                ? "list of " + shape(value.get(0))
                : value.isArray() ? "list" : value.isNumber() ? "number" : value.getNodeType().toString();
    }

    /** Why the answers of a step are not compared. */
    static Optional<String> of(String name, int step) {
        return Optional.ofNullable(STEPS.get(name + " " + step));
    }

    /** All steps that are not compared. */
    static Set<String> named() {
        return STEPS.keySet();
    }

    private static Map<String, String> steps() {
        Map<String, String> steps = new TreeMap<>();
        steps.put("cgroup 0", "groups that others made on the machine are not shown");
        steps.put("create_bad_url 7", "text of Go's url package");
        steps.put("create_bad_url 8", "text of Go's url package");
        steps.put("create_empty_archive 2", "the real node hangs and keeps the container; the local node refuses it");
        steps.put("create_empty_archive 3", "the real node hangs; here the job has ended");
        steps.put("create_env 5", "a variable given twice stays twice there; here the last one counts");
        steps.put("create_host_network 3", "addresses of the machine");
        steps.put("create_mount_ok 4", "lists all mounts; ContainersIT looks at the files");
        steps.put("create_name_forms 7", "the recorded node had an earlier container without a name");
        steps.put("create_name_forms 9", "the recorded node had an earlier container without a name");
        steps.put("create_nic_errors 5", "this machine may have no eth0");
        steps.put("flist_create_backup 7", "the recorded node had no zflist; here the command works");
        steps.put("job_list_kill 2", "jobs of the node itself, which are no jobs here");
        steps.put("portforward 19", "a forward that an earlier recording left");
        steps.put("process_list_kill 0", "process 1 of the machine");
        steps.put("socat_list_all_forms 3", "the local node has no nft rules");
        steps.put("terminate_services 5", "two programs started at once, in any order");
        for (int step : new int[]{18, 23, 27, 28, 29, 33, 34, 35, 36, 37, 38}) {
            steps.put("resp_commands " + step, "not needed by the clients of a node: only lists and keys are kept");
        }
        for (int step : new int[]{8, 9, 10, 12}) {
            steps.put("resp_handshake " + step, "numbers and tables of Redis itself");
        }
        steps.put("portforward 6", "text of nft");
        steps.put("socat_nft 1", "ports that are free on this machine");
        steps.put("socat_nft 3", "rules of the node itself; the local node listens on 127.0.0.1 and needs none");
        steps.put("startup_no_etc 2", "dates and sizes of a listing; ContainersIT looks at the files");
        steps.put("startup_restarts 10", "how often something ran until then");
        steps.put("terminate_services 7", "here services get SIGTERM and time to stop");
        for (int step = 2; step <= 7; step++) {
            steps.put("create_duplicate_name " + step, "any one of two containers with one name");
        }
        return steps;
    }

    static String version(String text) {
        return text.replaceAll("PONG Version: [^\"\\\\]*", "PONG");
    }

    /** A result without times, sizes and process ids. */
    static String result(String text, Set<String> stores, Map<String, Integer> ports) {
        ObjectNode json = (ObjectNode) JSON.readTree(text);
        json.put("time", 0);
        json.put("starttime", json.path("starttime").asLong() == 0 ? 0 : 1);
        String data = json.path("data").asString("");
        if (json.path("level").asInt() == 20 && (data.startsWith("{") || data.startsWith("["))) {
            JsonNode value = JSON.readTree(data);
            boolean ofMachine = MACHINE.matcher(json.path("command").asString("")).matches();
            json.put("data", ofMachine ? shape(value) : JSON.writeValueAsString(plain(value)));
        }
        if (json.path("streams").path(0).asString("").contains("PATH=/")) {
            ArrayNode streams = (ArrayNode) json.get("streams");
            streams.set(0, streams.path(0).asString("").lines().sorted().toList().toString());
        }
        String out = version(JSON.writeValueAsString(json)).replace("404 File not found", "404 Not Found")
                .replaceAll("(/usr)?/bin/(sh|pwd)\\b", "$2").replaceAll("[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d", "DATE")
                .replaceAll("(^|[\"n])\\d+: (\\w+ +inet)", "$1$2")
                .replace("nameserver 172.16.0.3", "nameserver 172.18.0.1").replaceAll("/coreX -[^\\\\\"]*", "/coreX");
        if (json.path("command").asString("").equals("cgroup.tasks")) {
            out = out.replaceAll("\\[\\d+\\]", "[1]");
        }
        for (String store : stores) {
            out = out.replace(store, "zdb://store");
        }
        out = out.replaceAll("zdb://10\\.99\\.0\\.1:99\\d\\d", "zdb://store");
        return RecordedPorts.replaced(out, ports);
    }

    /** A reply without what depends on the moment. */
    static String reply(String text) {
        return text.replaceFirst("^:(29[0-9]|300)\r\n", ":300\r\n").replaceFirst("(?s)\r\nid\r\n:\\d+", "\r\nid\r\n:1");
    }

    private static JsonNode plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                if (OF_A_RUN.contains(name)) {
                    object.put(name, 0);
                } else if (name.equals("pid") && !object.path("pid").isNull()) {
                    object.put(name, object.path("pid").asLong() > 0 ? 1 : 0);
                } else if (name.equals("root")) {
                    object.put(name,
                            object.path("root").asString("").replaceFirst(".*(/containers/\\d+)(/root)?$", "/mnt$1"));
                } else if (name.equals("state") && object.path("state").asString("").equals("unknown")) {
                    object.put(name, "configured");
                } else {
                    plain(object.get(name));
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(NodeDifferences::plain);
            List<JsonNode> sorted = StreamSupport.stream(array.spliterator(), false)
                    .sorted(Comparator.comparing(item -> item.path("cmd").path("id").asString(""))).toList();
            array.removeAll();
            sorted.forEach(array::add);
        }
        return node;
    }
}
