package zship.cli;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.cli.config.AppSettings;
import zship.cli.config.Durations;
import zship.cli.config.SecretStore;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeConnection;
import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.deployer.fleet.Fleet;
import zship.deployer.health.ProbeResult;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Deployment;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvent;
import zship.deployer.rollout.RolloutEvents;
import zship.deployer.rollout.RolloutSettings;
import zship.flist.Secret;

/** Brings an application to its node, or to each of its nodes. */
final class Delivery {
    private final Session session;
    private final AppSettings settings;
    private final NodeConnection connection;
    private final Output output;

    /** What is to run on a node; asked once for each. */
    @FunctionalInterface
    interface Source {
        App app(NodeAccess node);
    }

    /**
     * Creates a delivery.
     *
     * @param session what to work with
     * @param settings name the nodes
     * @param connection how to reach them
     */
    Delivery(Session session, AppSettings settings, NodeConnection connection) {
        this.session = session;
        this.settings = settings;
        this.connection = connection;
        this.output = session.output();
    }

    /**
     * Makes the application run and serve, as the last step of a run.
     *
     * @param run the run
     * @param source what is to run on a node
     * @param before done after the step and before its result is printed
     * @param started when the command began, {@link System#nanoTime}
     * @return the exit code
     */
    int to(Shipping run, Source source, Runnable before, long started) {
        if (settings.nodes().size() > 1) {
            return new FleetDelivery(session, new Fleet(settings.nodes(), settings.rollout().parallel()
                    .orElse(Fleet.PARALLEL)), (node, events) -> deliver(node, source, events)).run(run, before);
        }
        Deployment deployment = run.run("deploy", line -> {
            Deployment made = deliver(settings.node(), source, event -> show(run, line, "", event));
            line.done(summary(made), fields(made));
            return made;
        });
        before.run();
        finish(deployment, Duration.ofNanos(System.nanoTime() - started));
        return zship.cli.failure.ExitCode.OK;
    }

    private Deployment deliver(String name, Source source, RolloutEvents events) {
        try (NodeAccess node = NodeAccess.open(session, name, connection)) {
            App app = source.app(node);
            Deployment deployment = rollout(node, events).apply(app);
            keep(app);
            return deployment;
        }
    }

    /** Deployments on a node, made as the settings say. */
    Rollout rollout(NodeAccess node, RolloutEvents events) {
        RolloutSettings usual = RolloutSettings.of(session.folders().state());
        Duration drain = settings.rollout().drain().map(text -> Durations.parse("--drain", text)).orElse(usual.drain());
        return new Rollout(node.client(), usual.withDrain(drain), events);
    }

    /** Keeps the secrets that are in force now, for the next deployment. */
    private synchronized void keep(App app) {
        SecretStore store = session.secrets(app.name().value());
        app.spec().secrets().forEach((name, secret) -> {
            if (!store.find(name).equals(Optional.<Secret>of(secret))) {
                store.keep(name, secret);
            }
        });
    }

    private static String summary(Deployment made) {
        return "%s on %s, container %d%s%s".formatted(made.app(), made.node(), made.containerId(),
                made.ports().isEmpty() ? "" : ", " + made.ports(), made.changed() ? "" : " (unchanged)");
    }

    static Map<String, Object> fields(Deployment deployment) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", deployment.app());
        fields.put("node", deployment.node());
        fields.put("container", deployment.containerId());
        fields.put("changed", deployment.changed());
        deployment.url().ifPresent(url -> fields.put("url", url.toString()));
        fields.put("checks", deployment.health().probes().stream().filter(ProbeResult::passed).map(ProbeResult::check)
                .distinct().toList());
        return fields;
    }

    /** Shows an event of a rollout on the line of its step; the node is told when there are several. */
    static void show(Shipping run, Output.Step line, String node, RolloutEvent event) {
        switch (event) {
            case RolloutEvent.Planned it -> show(run, line, node, "planned", it.operation() + " " + it.cause());
            case RolloutEvent.PreflightPassed it ->
                show(run, line, node, "preflight", String.join(", ", it.checked()));
            case RolloutEvent.ContainerCreated it -> {
                run.leaves("container " + it.containerId()
                        + " was made and is not verified yet; zship ps shows it");
                show(run, line, node, "created", "container " + it.containerId());
            }
            case RolloutEvent.Probed it ->
                show(run, line, node, "probed", it.probe().check() + ": " + it.probe().detail());
            case RolloutEvent.Healthy it -> show(run, line, node, "healthy", "container " + it.containerId());
            case RolloutEvent.RolledBack it -> show(run, line, node, "rolled-back", it.why());
            case RolloutEvent.PortsMoved it -> show(run, line, node, "ports-moved", it.from() + " to " + it.to());
            case RolloutEvent.ContainerRemoved it ->
                show(run, line, node, "removed", "container " + it.containerId() + ", " + it.cause());
            case RolloutEvent.Finished it -> show(run, line, node, "finished", "container " + it.containerId());
        }
    }

    private static void show(Shipping run, Output.Step line, String node, String what, String detail) {
        line.doing((node.isEmpty() ? "" : node + ": ") + what + " " + detail);
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!node.isEmpty()) {
            fields.put("node", node);
        }
        fields.put("deploy", what);
        fields.put("detail", detail);
        run.event("deploy", fields);
    }

    /** Prints the end: where it serves. */
    private void finish(Deployment deployment, Duration took) {
        URI url = deployment.url().orElse(URI.create("about:blank"));
        Map<String, Object> fields = new LinkedHashMap<>(fields(deployment));
        fields.put("checks", List.of());
        fields.put("seconds", took.toMillis() / 1000.0);
        String state = deployment.changed() ? "serves" : "is up to date";
        output.result(fields, deployment.url().isPresent()
                ? "%s %s at %s  (zship logs -f %s, zship rm %s)".formatted(deployment.app(), state, url,
                        deployment.app(),
                        deployment.app())
                : "%s %s".formatted(deployment.app(), state));
    }
}
