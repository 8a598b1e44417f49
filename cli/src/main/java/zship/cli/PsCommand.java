package zship.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeConnection;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.fleet.Fleet;
import zship.deployer.fleet.Outcome;
import zship.flist.store.StoreAddress;

/** {@code zship ps}: the containers of a node. */
@Command(name = "ps", description = "Lists the containers of the node.")
final class PsCommand implements Callable<Integer> {
    private static final List<String> HEADING = List.of("NAME", "ID", "PORTS", "MEMORY", "FLIST");

    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Override
    public Integer call() {
        Session session = root.session();
        AppSettings settings = node.settings(session);
        if (settings.nodes().size() > 1) {
            return several(session, settings);
        }
        try (NodeAccess access = node.open(session)) {
            List<Container> containers = access.containers().list();
            if (session.output().json()) {
                session.output().result(Map.of("containers", containers.stream().map(PsCommand::fields).toList()), "");
            } else {
                session.output().table(HEADING, containers.stream().map(PsCommand::row).toList());
            }
            return ExitCode.OK;
        }
    }

    /** One table for all nodes; a node that does not answer is told after it. */
    private int several(Session session, AppSettings settings) {
        NodeConnection connection = node.connection(session, settings);
        List<List<String>> rows = new ArrayList<>();
        List<Map<String, Object>> all = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        new Fleet(settings.nodes(), settings.nodes().size()).look(name -> {
            try (NodeAccess access = NodeAccess.open(session, name, connection)) {
                return access.containers().list();
            }
        }).forEach((name, outcome) -> {
            if (outcome instanceof Outcome.Done<List<Container>>(List<Container> containers)) {
                containers.forEach(container -> {
                    Map<String, Object> fields = new LinkedHashMap<>(Map.of("node", name));
                    fields.putAll(fields(container));
                    all.add(fields);
                    List<String> row = new ArrayList<>(List.of(name));
                    row.addAll(row(container));
                    rows.add(row);
                });
            } else if (outcome instanceof Outcome.Failed<List<Container>>(RuntimeException fault)) {
                silent.add(name + ": " + Failures.of(fault, session.folders()).why());
            }
        });
        List<String> heading = new ArrayList<>(List.of("NODE"));
        heading.addAll(HEADING);
        if (session.output().json()) {
            session.output().event(silent.isEmpty() ? "result" : "containers", Map.of("containers", all));
        } else {
            session.output().table(heading, rows);
        }
        if (!silent.isEmpty()) {
            throw new CliException(ExitCode.PREREQUISITE,
                    "cannot list the containers of " + silent.size() + " of " + settings.nodes().size() + " nodes",
                    String.join("\n", silent), "zship ps --node ADDRESS asks one of them again");
        }
        return ExitCode.OK;
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
        fields.put("store", StoreAddress.of(container.source().storage()).toString());
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
