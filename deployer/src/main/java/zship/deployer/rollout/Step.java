package zship.deployer.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.deployer.Deadline;
import zship.deployer.DeployException;
import zship.deployer.container.Container;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.HostPort;
import zship.deployer.container.PortMapping;
import zship.deployer.health.HealthException;
import zship.deployer.health.HealthReport;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeException;

/** Carries out a decision about one app. */
final class Step {

    /** After the switch the service answers already; this is for the forward to come up. */
    private static final Duration SWITCHED = Duration.ofSeconds(10);

    private final Stage stage;
    private final App app;
    private final Decision decision;
    private final Attempts attempts;
    private final History history;

    Step(Stage stage, App app, Decision decision, Attempts attempts, History history) {
        this.stage = stage;
        this.app = app;
        this.decision = decision;
        this.attempts = attempts;
        this.history = history;
    }

    /**
     * A container that serves.
     *
     * @param containerId its number
     * @param health what the verification saw
     */
    record Served(int containerId, HealthReport health) {
    }

    /** A container with the ports that lead into it for now. */
    private record Candidate(int id, List<PortMapping> ports) {
    }

    Served run() {
        if (decision.operation() == Plan.Operation.KEEP) {
            int id = decision.seen().matching().orElseThrow().id();
            dropSpares(id);
            return new Served(id, new HealthReport(true, List.of(), Duration.ZERO, Optional.empty(), List.of()));
        }
        List<String> checked = new Preflight(stage).check(app);
        stage.events().on(new RolloutEvent.PreflightPassed(name(), checked));
        Candidate candidate = decision.operation() == Plan.Operation.RESUME ? resume() : create();
        return serve(candidate);
    }

    void remove(int containerId, String cause) {
        stage.containers().terminate(containerId, stage.settings().terminateTimeout());
        stage.events().on(new RolloutEvent.ContainerRemoved(name(), containerId, cause));
    }

    private Candidate resume() {
        Container container = decision.seen().matching().orElseThrow();
        stage.events().on(new RolloutEvent.ContainerCreated(name(), container.id(), true, Duration.ZERO));
        return withPorts(container);
    }

    /** The ports that lead into a container of an earlier run; it gets spare ones where it has none. */
    private Candidate withPorts(Container container) {
        List<PortMapping> ports = new ArrayList<>();
        List<PortMapping> missing = new ArrayList<>();
        for (PortMapping wanted : app.spec().network().ports()) {
            Optional<Integer> has = container.portsByNumber().entrySet().stream()
                    .filter(e -> e.getValue() == wanted.container()).map(Map.Entry::getKey).findFirst();
            has.ifPresentOrElse(port -> ports.add(new PortMapping(wanted.host().withPort(port), wanted.container())),
                    () -> missing.add(wanted));
        }
        List<PortMapping> spare = missing.isEmpty() ? List.of() : new SparePorts(stage).forMappings(missing);
        spare.forEach(mapping -> stage.containers().portForwardAdd(container.id(), mapping));
        ports.addAll(spare);
        return new Candidate(container.id(), ports);
    }

    private Candidate create() {
        List<PortMapping> ports = firstPorts();
        Deadline clock = Deadline.after(stage.time(), stage.settings().createTimeout());
        Attempts.Attempt attempt = attempts.of(decision.digest());
        int id = create(attempt.id(), ports);
        Optional<Container> made = find(id, attempt.id());
        if (made.isEmpty() && attempt.repeated()) {
            attempts.settle();
            attempt = attempts.of(decision.digest());
            id = create(attempt.id(), ports);
            made = find(id, attempt.id());
        }
        attempts.settle();
        if (made.isEmpty()) {
            throw gone(id);
        }
        stage.events().on(new RolloutEvent.ContainerCreated(name(), id, false, clock.elapsed()));
        return withPorts(made.get());
    }

    /** The node answers a repeated id with its old result, which may tell of a container that is long gone. */
    private Optional<Container> find(int id, String commandId) {
        return stage.containers().get(id).filter(c -> Tags.hasId(c, commandId));
    }

    private int create(String commandId, List<PortMapping> ports) {
        ContainerSpec spec = Tags.mark(app, decision.digest(), commandId).withPorts(ports);
        try {
            return stage.containers().create(spec, commandId, stage.settings().createTimeout());
        } catch (NodeException e) {
            if (e.result().isPresent()) {
                attempts.settle();
                throw e;
            }
            return lost(commandId).orElseThrow(() -> e);
        }
    }

    /** When the answer is lost, as after a restart of the node's Redis, the container may be there all the same. */
    private Optional<Integer> lost(String commandId) {
        try {
            return Observation.ofApp(stage, name()).stream().filter(c -> c.started() && Tags.hasId(c, commandId))
                    .map(Container::id).findFirst();
        } catch (NodeException e) {
            // The node does not answer at all: what was said first is the better explanation.
            return Optional.empty();
        }
    }

    private NodeException gone(int id) {
        String how = stage.containers().endOf(id).map(JobResult::failure).orElse("the node does not know why");
        return NodeException.failed("create " + app.name() + " on " + stage.node().place(),
                "container " + id + " ended at once: " + how,
                "check its host name and its flist; the node's log has more");
    }

    /** The public ports that nobody has, and spare ones for those the current container has. */
    private List<PortMapping> firstPorts() {
        List<PortMapping> free = new ArrayList<>();
        List<PortMapping> held = new ArrayList<>();
        List<Container> ours = Observation.ofApp(stage, name());
        for (PortMapping mapping : app.spec().network().ports()) {
            boolean taken = ours.stream().anyMatch(c -> c.holdsPort(mapping.host().port()));
            (taken ? held : free).add(mapping);
        }
        if (!held.isEmpty()) {
            free.addAll(new SparePorts(stage).forMappings(held));
        }
        return free;
    }

    private Served serve(Candidate candidate) {
        try {
            Verification verification = new Verification(stage, app);
            HealthReport report = verification.await(candidate.id(), candidate.ports(), app.health().timeout());
            stage.events().on(new RolloutEvent.Healthy(name(), candidate.id(), report.took()));
            takeOver(candidate, verification);
            // What serves is written down before the old one goes: that can fail without harm.
            history.add(app, decision.digest(), stage.time().now(), HistoryEntry.Outcome.HEALTHY, candidate.id());
            removeOld(candidate);
            return new Served(candidate.id(), report);
        } catch (HealthException e) {
            giveUp(candidate, e);
            history.add(app, decision.digest(), stage.time().now(), HistoryEntry.Outcome.UNHEALTHY, candidate.id());
            throw e;
        }
    }

    private void takeOver(Candidate candidate, Verification verification) {
        List<PortMapping> wanted = app.spec().network().ports();
        Optional<Container> old = decision.seen().serving().filter(c -> c.id() != candidate.id());
        if (!candidate.ports().equals(wanted)) {
            PortSwitch ports = new PortSwitch(stage, name());
            ports.move(holder(candidate), candidate.id(), wanted);
            try {
                verification.await(candidate.id(), wanted, SWITCHED);
            } catch (HealthException e) {
                old.ifPresent(c -> ports.move(stage.containers().get(candidate.id()), c.id(), Tags.publicPorts(c)));
                throw e;
            }
            old.ifPresent(c -> stage.events().on(new RolloutEvent.PortsMoved(name(), c.id(), candidate.id(),
                    wanted.stream().map(p -> p.host().port()).toList())));
        }
        dropSpares(candidate.id());
    }

    private void removeOld(Candidate candidate) {
        Optional<Container> old = decision.seen().serving().filter(c -> c.id() != candidate.id());
        if (old.isPresent()) {
            stage.time().sleep(stage.settings().drain());
            remove(old.get().id(), "replaced by container " + candidate.id());
        }
    }

    /** Ports of the spare range were for the time before the switch only; a run that was cut off may have left some. */
    private void dropSpares(int id) {
        List<PortMapping> wanted = app.spec().network().ports();
        Map<Integer, Integer> real = stage.containers().get(id).map(Container::portsByNumber).orElse(Map.of());
        List<PortMapping> spares = new ArrayList<>();
        real.forEach((port, inside) -> {
            if (stage.settings().spare().contains(port) && wanted.stream().noneMatch(p -> p.host().port() == port)) {
                spares.add(new PortMapping(HostPort.of(port), inside));
            }
        });
        new PortSwitch(stage, name()).drop(id, spares);
    }

    /** The container of this app that has public ports the candidate wants. */
    private Optional<Container> holder(Candidate candidate) {
        List<PortMapping> wanted = app.spec().network().ports();
        return Observation.ofApp(stage, name()).stream().filter(c -> c.id() != candidate.id())
                .filter(c -> wanted.stream().anyMatch(p -> c.holdsPort(p.host().port()))).findFirst();
    }

    private void giveUp(Candidate candidate, HealthException fault) {
        Optional<Integer> serving = decision.seen().serving().map(Container::id).filter(id -> id != candidate.id());
        stage.events().on(new RolloutEvent.RolledBack(name(), candidate.id(), fault.why(), serving));
        try {
            if (stage.containers().get(candidate.id()).isPresent()) {
                remove(candidate.id(), "not healthy");
            }
        } catch (DeployException e) {
            fault.addSuppressed(e);
        }
    }

    private String name() {
        return app.name().value();
    }
}
