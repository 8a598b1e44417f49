package zship.cli.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.node.Facts;
import zship.deployer.node.Facts.Topic;

/** {@code zship node info}. With {@code --json} the node's own answers are passed on whole. */
@Command(name = "info", description = "Shows what the node says about its system, processors, memory, disks and network.")
public final class NodeInfo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeOptions node;

    @Override
    public Integer call() {
        Session session = ((SessionSource) spec.root().userObject()).session();
        try (NodeAccess access = node.open(session)) {
            Facts facts = new Facts(access.client());
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("node", access.client().address().hostAndPort());
            fields.put("ping", facts.version());
            Map<Topic, JsonNode> answers = new LinkedHashMap<>();
            for (Topic topic : Topic.values()) {
                answers.put(topic, facts.about(topic));
            }
            answers.forEach((topic, answer) -> fields.put(topic.name().toLowerCase(Locale.ROOT), answer));
            session.output().result(fields, text(access.client().address().hostAndPort(), facts.version(), answers));
        }
        return ExitCode.OK;
    }

    private static String text(String address, String version, Map<Topic, JsonNode> answers) {
        List<String> lines = new ArrayList<>();
        lines.add(line("node", address));
        lines.add(line("version", version));
        JsonNode os = answers.getOrDefault(Topic.OS, none());
        lines.add(line("system", "%s %s, kernel %s, host %s, up %d s".formatted(os.path("platform").asString(""),
                os.path("platformVersion").asString(""), os.path("kernelVersion").asString(""),
                os.path("hostname").asString(""), os.path("uptime").asLong(0))));
        JsonNode cpus = answers.getOrDefault(Topic.CPU, none());
        lines.add(line("cpu", cpus.size() + " x " + cpus.path(0).path("modelName").asString("")));
        JsonNode memory = answers.getOrDefault(Topic.MEM, none());
        lines.add(line("memory", "%s, %s available".formatted(Sizes.bytes(memory.path("total").asLong(0)),
                Sizes.bytes(memory.path("available").asLong(0)))));
        answers.getOrDefault(Topic.DISK, none()).forEach(disk -> lines.add(line("disk", "%s (%s) on %s".formatted(
                disk.path("device").asString(""), disk.path("fstype").asString(""),
                disk.path("mountpoint").asString("")))));
        answers.getOrDefault(Topic.NIC, none()).forEach(nic -> lines.add(line("nic",
                nic.path("name").asString("") + " " + nic.path("addrs").valueStream()
                        .map(one -> one.path("addr").asString("")).collect(Collectors.joining(", ")))));
        return String.join("\n", lines);
    }

    private static JsonNode none() {
        return JsonMapper.shared().createArrayNode();
    }

    private static String line(String key, String value) {
        return "%-8s %s".formatted(key, value).stripTrailing();
    }
}
