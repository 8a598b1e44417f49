package zship.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.cli.session.Session;
import zship.deployer.fleet.Fleet;
import zship.deployer.fleet.Outcome;
import zship.deployer.rollout.Deployment;
import zship.deployer.rollout.RolloutEvents;

/** Brings an application to several nodes and says in one table how it went on each. */
final class FleetDelivery {
    private final Session session;
    private final Fleet fleet;
    private final BiFunction<String, RolloutEvents, Deployment> work;

    /**
     * Creates a delivery.
     *
     * @param work brings the application to one node
     */
    FleetDelivery(Session session, Fleet fleet, BiFunction<String, RolloutEvents, Deployment> work) {
        this.session = session;
        this.fleet = fleet;
        this.work = work;
    }

    /** Runs it as a step of a run; the exit code is 4 when some nodes serve and others do not. */
    int run(Shipping run, Runnable before) {
        Map<String, Outcome<Deployment>> outcomes = run.run("deploy", line -> {
            Map<String, Outcome<Deployment>> ended = fleet.run(
                    node -> work.apply(node, event -> Delivery.show(run, line, node, event)),
                    (node, outcome) -> run.event("node", fields(node, outcome)));
            line.done(done(ended) + " of " + ended.size() + " nodes", Map.of("done", done(ended), "of", ended.size()));
            return ended;
        });
        before.run();
        print(outcomes);
        if (done(outcomes) == outcomes.size()) {
            return ExitCode.OK;
        }
        throw failure(outcomes);
    }

    private static long done(Map<String, Outcome<Deployment>> outcomes) {
        return outcomes.values().stream().filter(Outcome.Done.class::isInstance).count();
    }

    private void print(Map<String, Outcome<Deployment>> outcomes) {
        List<Map<String, Object>> all = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        outcomes.forEach((node, outcome) -> {
            all.add(fields(node, outcome));
            rows.add(row(node, outcome));
        });
        if (session.output().json()) {
            session.output().event("nodes", Map.of("nodes", all));
        } else {
            session.output().table(List.of("NODE", "RESULT", "CONTAINER", "DETAIL"), rows);
        }
        if (done(outcomes) == outcomes.size()) {
            session.output().result(Map.of("nodes", all), "");
        }
    }

    private List<String> row(String node, Outcome<Deployment> outcome) {
        return switch (outcome) {
            case Outcome.Done<Deployment>(Deployment made) -> List.of(node, made.changed() ? "serves" : "up to date",
                    Integer.toString(made.containerId()), made.url().map(Object::toString).orElse("-"));
            case Outcome.Failed<Deployment>(RuntimeException fault) ->
                List.of(node, "failed", "-", reason(fault).lines().findFirst().orElse(""));
            case Outcome.Skipped<Deployment>(String because) ->
                List.of(node, "not begun", "-", "because " + because + " failed");
        };
    }

    private Map<String, Object> fields(String node, Outcome<Deployment> outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("node", node);
        switch (outcome) {
            case Outcome.Done<Deployment>(Deployment made) -> {
                fields.put("state", "done");
                Map<String, Object> known = new LinkedHashMap<>(Delivery.fields(made));
                known.remove("node");
                fields.putAll(known);
            }
            case Outcome.Failed<Deployment>(RuntimeException fault) -> {
                Failure failure = Failures.of(fault, session.folders());
                fields.put("state", "failed");
                fields.put("code", failure.code());
                fields.put("what", failure.what());
                fields.put("why", failure.why());
                fields.put("hint", failure.hint());
            }
            case Outcome.Skipped<Deployment>(String because) -> {
                fields.put("state", "skipped");
                fields.put("because", because);
            }
        }
        return fields;
    }

    private String reason(RuntimeException fault) {
        return Failures.of(fault, session.folders()).why();
    }

    private CliException failure(Map<String, Outcome<Deployment>> outcomes) {
        List<String> why = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        outcomes.forEach((node, outcome) -> {
            if (outcome instanceof Outcome.Failed<Deployment>(RuntimeException fault)) {
                codes.add(Failures.of(fault, session.folders()).code());
                why.add(node + ": " + reason(fault).lines().findFirst().orElse(""));
            } else if (outcome instanceof Outcome.Skipped<Deployment>) {
                why.add(node + ": not begun");
            }
        });
        boolean partly = done(outcomes) > 0;
        return new CliException(partly ? ExitCode.UNHEALTHY : codes.getFirst(),
                "cannot deploy on " + why.size() + " of " + outcomes.size() + " nodes", String.join("\n", why),
                "what served there before still does; mend it and run the same command again: the others are kept");
    }
}
