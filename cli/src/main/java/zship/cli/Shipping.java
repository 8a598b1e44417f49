package zship.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.recipe.Recipe;
import zship.builder.step.Build;
import zship.builder.step.BuildSettings;
import zship.builder.step.BuiltRoot;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.Peers;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.deployer.health.ProbeResult;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Deployment;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvent;
import zship.deployer.rollout.RolloutEvents;
import zship.deployer.rollout.RolloutSettings;
import zship.flist.Secret;
import zship.flist.hub.ChunkSupply;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubProgress;
import zship.flist.hub.HubPublisher;
import zship.flist.hub.HubUrl;
import zship.flist.hub.PublishedFlist;

/** The main job as numbered steps: root, flist, publish, deploy; each reports one line. */
final class Shipping {
    private final Session session;
    private final Output output;
    private final int steps;
    private int step;
    private volatile String left = "the steps that were done are kept";

    /**
     * Creates a run.
     *
     * @param session what to work with
     * @param steps how many steps it will have
     */
    Shipping(Session session, int steps) {
        this.session = session;
        this.output = session.output();
        this.steps = steps;
    }

    /** Builds the root, or finds it built. */
    BuiltRoot root(Recipe recipe, BuildSettings settings) {
        return run("root", line -> {
            BuiltRoot root = new Build(recipe, settings, event -> building(line, event)).run();
            done(line, recipe, root);
            return root;
        });
    }

    /** Does the steps of a build that the settings ask for; empty when they end before the archive. */
    Optional<BuiltRoot> steps(Recipe recipe, BuildSettings settings, BuildEvents report) {
        return run("root", line -> {
            Optional<BuiltRoot> root = new Build(recipe, settings, event -> {
                building(line, event);
                report.on(event);
            }).runSteps();
            root.ifPresentOrElse(built -> done(line, recipe, built),
                    () -> line.done(
                            recipe.name() + " " + recipe.version() + " until " + settings.until().orElse("the end"),
                            Map.of()));
            return root;
        });
    }

    private static void done(Output.Step line, Recipe recipe, BuiltRoot root) {
        line.done("%s %s %s, %d files, %s%s".formatted(recipe.name(), recipe.version(), recipe.variant().name(),
                root.files(),
                Sizes.bytes(root.bytes()), root.cached() ? " (unchanged)" : ""), fields(root));
    }

    static Map<String, Object> fields(BuiltRoot root) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("archive", root.archive().toString());
        fields.put("bill", root.bill().toString());
        fields.put("sha256", root.archiveSha256());
        fields.put("bytes", root.bytes());
        fields.put("files", root.files());
        fields.put("cached", root.cached());
        return fields;
    }

    private void building(Output.Step line, BuildEvent event) {
        switch (event) {
            case BuildEvent.StepStarted started -> line.doing(started.step() + " " + started.detail());
            case BuildEvent.StepFinished finished -> output.event("build", Map.of("step", finished.step(), "detail",
                    finished.detail(), "seconds", finished.took().toMillis() / 1000.0, "cached", finished.cached()));
            case BuildEvent.ComponentBuilt built -> output.event("component", Map.of("name", built.name(), "version",
                    built.version(), "seconds", built.took().toMillis() / 1000.0));
            case BuildEvent.PackagesInstalled installed ->
                output.event("packages", Map.of("installed", installed.names()));
            case BuildEvent.Fetched fetched ->
                output.event("fetched", Map.of("url", fetched.url(), "bytes", fetched.bytes()));
            case BuildEvent.SourceUnavailable place ->
                output.event("unavailable", Map.of("url", place.url(), "reason", place.reason()));
            case BuildEvent.WaitingForLock waiting ->
                output.note("waiting for another build, process %d, which holds %s".formatted(waiting.holder(),
                        waiting.lock()));
            case BuildEvent.RootTested tested -> output.event("tested", Map.of("port", tested.port(), "path",
                    tested.path(), "seconds", tested.took().toMillis() / 1000.0));
            case BuildEvent.LibrariesFound found -> output.event("libraries", Map.of("libraries", found.libraries()));
        }
    }

    /** Packs the archive into an flist and the store, or finds it packed. */
    FlistCache.Packed flist(Path archive, String archiveSha256, FlistCache.Target target) {
        return run("flist", line -> {
            FlistCache.Packed packed = new FlistCache(session.folders().cache())
                    .pack(archive, archiveSha256, target, (read, sent) -> line
                            .doing("%s read, %s sent".formatted(Sizes.bytes(read), Sizes.bytes(sent))));
            String detail = packed.cached()
                    ? "%d chunks, all in the store".formatted(packed.chunks())
                    : "%d chunks, %d new, %s sent".formatted(packed.chunks(), packed.sentChunks(),
                            Sizes.bytes(packed.sentBytes()));
            line.done(detail, packed.fields());
            return packed;
        });
    }

    /** Publishes the flist on a hub; chunks that it lacks are sent once more. */
    PublishedFlist publish(FlistCache.Packed packed, Peers peers, List<String> nameAndVersion, ChunkSupply chunks) {
        return run("publish", line -> {
            String versioned = "%s-%s.flist".formatted(String.join("-", nameAndVersion),
                    packed.sha256().substring(0, 8));
            PublishedFlist published = publish(packed.file(), peers, versioned, nameAndVersion.getFirst() + ".flist",
                    chunks);
            line.done(published.url().toString(),
                    Map.of("url", published.url().toString(), "sha256", published.sha256()));
            return published;
        });
    }

    /** Publishes an flist under a name that holds its digest, then moves the plain name to it. */
    static PublishedFlist publish(Path flist, Peers peers, String versioned, String link, ChunkSupply chunks) {
        HubClient hub = new HubClient(HubUrl.of(peers.hub()), peers.hubToken());
        return new HubPublisher(hub, chunks, HubProgress.none()).publish(flist, versioned, link);
    }

    /** Makes the application run and serve. */
    Deployment deploy(NodeAccess node, App app) {
        return run("deploy", line -> {
            Deployment deployment = rollout(node, event -> deploying(line, event)).apply(app);
            String ports = String.join(", ",
                    app.spec().network().ports().stream().map(port -> port.host() + "->" + port.container())
                            .toList());
            List<String> checks = deployment.health().probes().stream().filter(ProbeResult::passed)
                    .map(ProbeResult::check).distinct().toList();
            line.done("%s on %s, container %d, %s%s".formatted(deployment.app(), node.client().address().hostAndPort(),
                    deployment.containerId(), ports, deployment.changed() ? "" : " (unchanged)"),
                    fields(deployment, checks));
            return deployment;
        });
    }

    /** The app as it was deployed before. */
    App earlier(NodeAccess node, String name, OptionalInt number, Map<String, Secret> secrets) {
        return rollout(node, RolloutEvents.none()).earlier(name, number, secrets);
    }

    private Rollout rollout(NodeAccess node, RolloutEvents events) {
        return new Rollout(node.client(), RolloutSettings.of(session.folders().state()), events);
    }

    static Map<String, Object> fields(Deployment deployment, List<String> checks) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", deployment.app());
        fields.put("container", deployment.containerId());
        fields.put("changed", deployment.changed());
        deployment.url().ifPresent(url -> fields.put("url", url.toString()));
        fields.put("checks", checks);
        return fields;
    }

    private void deploying(Output.Step line, RolloutEvent event) {
        switch (event) {
            case RolloutEvent.Planned it -> deploying(line, "planned", it.operation() + " " + it.cause());
            case RolloutEvent.PreflightPassed it -> deploying(line, "preflight", String.join(", ", it.checked()));
            case RolloutEvent.ContainerCreated it -> {
                left = "container " + it.containerId() + " was made and is not verified yet; zship ps shows it";
                deploying(line, "created", "container " + it.containerId());
            }
            case RolloutEvent.Probed it -> deploying(line, "probed", it.probe().check() + ": " + it.probe().detail());
            case RolloutEvent.Healthy it -> deploying(line, "healthy", "container " + it.containerId());
            case RolloutEvent.RolledBack it -> deploying(line, "rolled-back", it.why());
            case RolloutEvent.PortsMoved it -> deploying(line, "ports-moved", it.from() + " to " + it.to());
            case RolloutEvent.ContainerRemoved it ->
                deploying(line, "removed", "container " + it.containerId() + ", " + it.cause());
            case RolloutEvent.Finished it -> deploying(line, "finished", "container " + it.containerId());
        }
    }

    private void deploying(Output.Step line, String what, String detail) {
        line.doing(what + " " + detail);
        output.event("deploy", Map.of("deploy", what, "detail", detail));
    }

    /** Prints the end: where it serves. */
    void finish(Deployment deployment, Duration took) {
        URI url = deployment.url().orElse(URI.create("about:blank"));
        Map<String, Object> fields = new LinkedHashMap<>(fields(deployment, List.of()));
        fields.put("seconds", took.toMillis() / 1000.0);
        String state = deployment.changed() ? "serves" : "is up to date";
        output.result(fields, deployment.url().isPresent()
                ? "%s %s at %s  (zship logs -f %s, zship rm %s)".formatted(deployment.app(), state, url,
                        deployment.app(),
                        deployment.app())
                : "%s %s".formatted(deployment.app(), state));
    }

    /** Work that ends its own line. */
    interface Work<T> {
        T run(Output.Step line);
    }

    /** Does the next step, and says what is left when it is interrupted. */
    <T> T run(String name, Work<T> work) {
        step++;
        Output.Step line = output.step(step, steps, name);
        line.doing("");
        try (Interruption watched = Interruption.during(output, name, () -> left)) {
            return work.run(line);
        } catch (RuntimeException e) {
            line.failed();
            throw e;
        }
    }
}
