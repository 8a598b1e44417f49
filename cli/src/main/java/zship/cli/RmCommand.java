package zship.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeConnection;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.fleet.Fleet;
import zship.deployer.fleet.Outcome;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvents;
import zship.deployer.rollout.RolloutSettings;

/** {@code zship rm NAME}: ends and removes a container. */
@Command(name = "rm", description = "Ends a container; build, flist, chunks and secrets stay.")
final class RmCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Parameters(paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Override
    public Integer call() {
        Session session = root.session();
        AppSettings settings = node.settings(session);
        NodeConnection connection = node.connection(session, settings);
        if (settings.nodes().size() == 1) {
            Gone gone = remove(session, settings.node(), connection);
            session.output().result(gone.fields(), "removed " + gone.label());
            return ExitCode.OK;
        }
        List<Map<String, Object>> all = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        new Fleet(settings.nodes(), Fleet.PARALLEL).look(node -> remove(session, node, connection))
                .forEach((node, outcome) -> {
                    if (outcome instanceof Outcome.Done<Gone>(Gone gone)) {
                        Map<String, Object> fields = new LinkedHashMap<>(Map.of("node", node));
                        fields.putAll(gone.fields());
                        all.add(fields);
                        if (!session.output().json()) {
                            session.output().line(node + ": removed " + gone.label());
                        }
                    } else if (outcome instanceof Outcome.Failed<Gone>(RuntimeException fault)) {
                        failed.add(node + ": " + Failures.of(fault, session.folders()).why());
                    }
                });
        session.output().event(failed.isEmpty() ? "result" : "removed", Map.of("nodes", all));
        if (!failed.isEmpty()) {
            throw new CliException(ExitCode.FAILED,
                    "cannot remove " + name + " on " + failed.size() + " of " + settings.nodes().size() + " nodes",
                    String.join("\n", failed), "zship ps shows what is where");
        }
        return ExitCode.OK;
    }

    private record Gone(String name, int id, String label) {

        Map<String, Object> fields() {
            return Map.of("removed", name, "id", id);
        }
    }

    /** Ends the container; of an app that zship deployed, what interrupted runs left goes with it. */
    private Gone remove(Session session, String node, NodeConnection connection) {
        try (NodeAccess access = NodeAccess.open(session, node, connection)) {
            Container container = access.container(name);
            boolean app = !container.name().isEmpty() && container.name().equalsIgnoreCase(name);
            if (app) {
                new Rollout(access.client(), RolloutSettings.of(session.folders().state())
                        .withTerminateTimeout(session.timeout()), RolloutEvents.none()).remove(container.name());
            }
            if (access.containers().get(container.id()).isPresent()) {
                access.containers().terminate(container.id(), session.timeout());
            }
            return new Gone(container.name(), container.id(), container.label());
        }
    }
}
