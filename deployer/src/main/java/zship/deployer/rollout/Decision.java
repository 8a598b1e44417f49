package zship.deployer.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import zship.deployer.container.Container;

/**
 * What will be done for an app, and on what grounds.
 *
 * @param digest the digest of what is asked for
 * @param operation what
 * @param cause why, in words
 * @param seen what the app has on the node
 */
record Decision(String digest, Plan.Operation operation, String cause, Observation seen) {

    /** Decides from what is there; whether what serves is healthy is not asked here. */
    static Decision of(Stage stage, App app) {
        String digest = AppDigest.of(app);
        Observation seen = Observation.of(stage, app, digest);
        Optional<Container> matching = seen.matching();
        if (matching.isPresent() && hasAllPorts(matching.get(), app)) {
            return new Decision(digest, Plan.Operation.KEEP, "it is what is asked for", seen);
        }
        if (matching.isPresent()) {
            return new Decision(digest, Plan.Operation.RESUME, "container " + matching.get().id()
                    + " of an interrupted run is what is asked for", seen);
        }
        if (seen.serving().isPresent()) {
            return new Decision(digest, Plan.Operation.REPLACE, cause(app, digest, seen.serving().get()), seen);
        }
        return new Decision(digest, Plan.Operation.CREATE, "nothing serves " + app.name() + " yet", seen);
    }

    private static boolean hasAllPorts(Container container, App app) {
        return app.spec().network().ports().stream().allMatch(p -> container.holdsPort(p.host().port()));
    }

    private static String cause(App app, String digest, Container serving) {
        if (Tags.hasDigest(serving, digest)) {
            return "a secret has another value";
        }
        return serving.source().flist().equals(app.spec().root().flist())
                ? "its flist, settings or ports changed"
                : "another flist";
    }

    /** The same, but what serves is not healthy and is replaced. */
    Decision unhealthy(String why) {
        Observation gone = new Observation(seen.serving(), Optional.empty(), seen.others(), seen.stuck());
        return new Decision(digest, Plan.Operation.REPLACE, "it is not healthy: " + why, gone);
    }

    Plan plan(App app) {
        List<Integer> leftovers = new ArrayList<>();
        seen.others().forEach(c -> leftovers.add(c.id()));
        return new Plan(app.name().value(), operation, cause, seen.serving().map(Container::id), leftovers);
    }
}
