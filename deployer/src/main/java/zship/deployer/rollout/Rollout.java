package zship.deployer.rollout;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

import zship.deployer.Deadline;
import zship.deployer.container.Container;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.Containers;
import zship.deployer.container.PortMapping;
import zship.deployer.health.HealthException;
import zship.deployer.node.NodeClient;
import zship.flist.Secret;
import zship.flist.store.StoreAddress;

/**
 * Makes deployments on one node, and keeps their promise: an app that serves goes on serving until its successor is
 * healthy, whatever fails in between; and what an interrupted run left behind is taken over or removed by the next.
 */
public final class Rollout {

    private static final Duration QUICK_LOOK = Duration.ofSeconds(10);

    private final Stage stage;

    /**
     * Deployments on a node.
     *
     * @param node the node
     * @param settings how they are made
     * @param events told what happens
     */
    public Rollout(NodeClient node, RolloutSettings settings, RolloutEvents events) {
        this.stage = new Stage(node, new Containers(node), settings, events);
    }

    /**
     * What {@link #apply} would do. Nothing is changed; the container that serves is looked at, so an unhealthy one is
     * seen.
     */
    public Plan plan(App app) {
        return decide(app).plan(app);
    }

    /**
     * Makes an app run and serve. When it does already, nothing is changed.
     *
     * @param app what to deploy
     * @return what serves now
     * @throws HealthException when the new container does not serve; it is removed, and one that served before goes on
     * @throws zship.deployer.DeployException when something needed is missing or fails
     */
    public Deployment apply(App app) {
        Deadline clock = Deadline.after(stage.time(), Duration.ofDays(1));
        StateFolder folder = folder(app.name().value());
        try (DeployLock lock = DeployLock.take(folder, stage.time())) {
            Decision decision = decide(app);
            stage.events().on(new RolloutEvent.Planned(app.name().value(), decision.operation(), decision.cause()));
            Step step = new Step(stage, app, decision, new Attempts(folder, stage.settings().random()), history(app));
            Step.Served served = step.run();
            List<Container> leftovers = new ArrayList<>(decision.seen().others());
            leftovers.forEach(c -> step.remove(c.id(), "left by an interrupted run"));
            return finish(app, decision, served, clock);
        }
    }

    /**
     * Removes all containers of an app, those of interrupted runs included.
     *
     * @param name the app's name
     * @return what was removed
     */
    public Removal remove(String name) {
        StateFolder folder = folder(name);
        try (DeployLock lock = DeployLock.take(folder, stage.time())) {
            List<Integer> removed = new ArrayList<>();
            for (Container container : Observation.ofApp(stage, name)) {
                stage.containers().terminate(container.id(), stage.settings().terminateTimeout());
                stage.events().on(new RolloutEvent.ContainerRemoved(name, container.id(), "removed"));
                removed.add(container.id());
            }
            new Attempts(folder, stage.settings().random()).settle();
            return new Removal(name, removed);
        }
    }

    /**
     * Goes back to what was deployed before, as {@link #apply} does: the current container serves until the other is
     * healthy.
     *
     * @param name the app's name
     * @param number the entry of its history; empty for the last good one that was different
     * @param secrets the values of its secrets; they are not in the history
     * @throws RolloutException when there is no such entry, or a secret is missing
     */
    public Deployment rollback(String name, OptionalInt number, Map<String, Secret> secrets) {
        return apply(earlier(name, number, secrets));
    }

    /**
     * The app as it was deployed before.
     *
     * @param name the app's name
     * @param number the entry of its history; empty for the last good one that was different
     * @param secrets the values of its secrets, and maybe of others; they are not in the history
     * @throws RolloutException when there is no such entry, or a secret is missing
     */
    public App earlier(String name, OptionalInt number, Map<String, Secret> secrets) {
        History history = history(name);
        String what = "go back to "
                + (number.isPresent() ? "deployment " + number.getAsInt() : "the previous deployment")
                + " of " + name;
        Optional<HistoryEntry> entry = number.isPresent() ? history.get(number.getAsInt()) : history.previous();
        if (entry.isEmpty()) {
            throw RolloutException.usage(what, "the history has no such deployment", "`zship history " + name
                    + "` lists what there is");
        }
        Map<String, Secret> needed = new TreeMap<>(secrets);
        needed.keySet().retainAll(entry.get().secretNames());
        Set<String> missing = new TreeSet<>(entry.get().secretNames());
        missing.removeAll(needed.keySet());
        if (!missing.isEmpty()) {
            throw RolloutException.usage(what, "no value is known for " + String.join(", ", missing),
                    "give it with --secret NAME=file:PATH");
        }
        return entry.get().app(needed);
    }

    /**
     * The app that a container runs: as it was deployed, when the history knows it, else as the node reports it.
     *
     * @param container the container
     * @param secrets values that are to replace those of the container's secrets; names it does not have are passed over
     * @param secret says of a variable that is not in the history whether its value is a secret
     * @return the app; its health is that of the history, else that its services stay alive
     */
    public App running(Container container, Map<String, Secret> secrets, Predicate<String> secret) {
        Map<String, Secret> values = new TreeMap<>(container.labels().environment());
        container.connections().identity().ifPresent(value -> values.put(ContainerSpec.IDENTITY, value));
        StoreAddress.of(container.source().storage()).password()
                .ifPresent(value -> values.put(ContainerSpec.STORAGE, value));
        values.putAll(secrets);
        Optional<HistoryEntry> deployed = container.name().isEmpty()
                ? Optional.empty()
                : history(container.name()).last().filter(entry -> Tags.hasDigest(container, entry.digest()));
        if (deployed.isPresent()) {
            return deployed.get().app(values);
        }
        ContainerSpec spec = stage.containers().spec(container.id(), secret);
        for (String name : spec.environment().secrets().keySet()) {
            spec = spec.withSecret(name, values.getOrDefault(name, spec.environment().secrets().get(name)));
        }
        return App.of(spec.withTags(Tags.foreign(spec.tags())), "");
    }

    /** The history of an app on this node. */
    public History history(String name) {
        return History.of(stage.settings().stateDirectory(), stage.node().address(), name);
    }

    private History history(App app) {
        return history(app.name().value());
    }

    private StateFolder folder(String name) {
        return StateFolder.of(stage.settings().stateDirectory(), stage.node().address(), name);
    }

    private Decision decide(App app) {
        Decision decision = Decision.of(stage, app);
        if (decision.operation() != Plan.Operation.KEEP) {
            return decision;
        }
        Container serving = decision.seen().matching().orElseThrow();
        Verification verification = new Verification(stage, app);
        try {
            verification.await(serving.id(), app.spec().network().ports(),
                    shorter(app.health().timeout(), QUICK_LOOK));
            return decision;
        } catch (HealthException e) {
            return decision.unhealthy(e.why());
        }
    }

    private Deployment finish(App app, Decision decision, Step.Served served, Deadline clock) {
        Optional<URI> url = url(app);
        boolean changed = decision.operation() != Plan.Operation.KEEP;
        String name = app.name().value();
        stage.events().on(new RolloutEvent.Finished(name, served.containerId(), changed, url, clock.elapsed()));
        String ports = String.join(", ", app.spec().network().ports().stream()
                .map(port -> port.host() + "->" + port.container()).toList());
        return new Deployment(name, stage.node().address().hostAndPort(), served.containerId(), ports, changed, url,
                clock.elapsed(), served.health());
    }

    private Optional<URI> url(App app) {
        String host = stage.node().address().host();
        String shown = host.contains(":") ? "[" + host + "]" : host;
        if (app.spec().network().host() && app.health().containerPort() > 0) {
            return Optional.of(URI.create("http://" + shown + ":" + app.health().containerPort()));
        }
        List<PortMapping> ports = app.spec().network().ports();
        return ports.stream().filter(p -> p.host().isPublicTcp())
                .min((a, b) -> Boolean.compare(b.container() == app.health().containerPort(),
                        a.container() == app.health().containerPort()))
                .map(p -> URI.create("http://" + shown + ":" + p.host().port()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
