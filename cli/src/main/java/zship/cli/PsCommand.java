package zship.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;

/** {@code zship ps}: the containers of a node. */
@Command(name = "ps", description = "Lists the containers of the node.")
final class PsCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            List<Container> containers = access.containers().list();
            if (session.output().json()) {
                session.output().result(Map.of("containers", containers.stream().map(PsCommand::fields).toList()), "");
            } else {
                session.output().table(List.of("NAME", "ID", "PORTS", "MEMORY", "FLIST"),
                        containers.stream().map(PsCommand::row).toList());
            }
            return ExitCode.OK;
        }
    }

    /** What programs are told of a container; the values of its environment may be secrets and are left out. */
    static Map<String, Object> fields(Container container) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", container.id());
        fields.put("name", container.name());
        fields.put("pid", container.pid());
        fields.put("ports", new TreeMap<>(container.ports()));
        fields.put("memory", container.source().residentBytes());
        fields.put("flist", container.source().flist());
        fields.put("store", container.source().storage());
        fields.put("hostname", container.source().hostname());
        fields.put("tags", container.tags());
        fields.put("env", container.labels().environment().keySet().stream().sorted().toList());
        return fields;
    }

    static String ports(Container container) {
        return container.ports().isEmpty()
                ? "-"
                : new TreeMap<>(container.ports()).entrySet().stream()
                        .map(port -> port.getKey() + "->" + port.getValue()).collect(Collectors.joining(", "));
    }

    private static List<String> row(Container container) {
        return List.of(container.name().isEmpty() ? "-" : container.name(), Integer.toString(container.id()),
                ports(container), Sizes.bytes(container.source().residentBytes()), container.source().flist());
    }
}
