package zship.deployer.rollout;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import zship.deployer.container.Container;
import zship.deployer.container.PortMapping;

/**
 * What an app has on a node.
 *
 * @param serving the container that serves
 * @param matching the container that is what the app asks for, serving or not
 * @param others all other started containers of the app: left by interrupted runs
 * @param stuck containers that never started and that only a restart of the node ends
 */
record Observation(Optional<Container> serving, Optional<Container> matching, List<Container> others,
        List<Container> stuck) {

    static Observation of(Stage stage, App app, String digest) {
        List<Container> all = ofApp(stage, app.name().value());
        List<Container> started = all.stream().filter(Container::started)
                .sorted(Comparator.comparingInt(Container::id).reversed()).toList();
        Optional<Container> matching = started.stream().filter(c -> matches(c, app, digest))
                .min(Comparator.comparing(c -> !serves(c)));
        Optional<Container> serving = matching.filter(Observation::serves)
                .or(() -> started.stream().filter(Observation::serves).findFirst());
        List<Container> others = started.stream().filter(c -> !same(c, serving) && !same(c, matching)).toList();
        return new Observation(serving, matching, others, all.stream().filter(c -> !c.started()).toList());
    }

    /** The containers of an app, with the ports they really have. */
    static List<Container> ofApp(Stage stage, String app) {
        return stage.containers().find(List.of(Tags.MARK, Tags.app(app))).stream()
                .flatMap(c -> stage.containers().get(c.id()).stream()).toList();
    }

    private static boolean matches(Container container, App app, String digest) {
        return Tags.hasDigest(container, digest) && AppDigest.sameEnvironment(app, container);
    }

    /** Whether a container has a public port it was made for; between its creation and the switch it has not. */
    static boolean serves(Container container) {
        List<PortMapping> made = Tags.publicPorts(container);
        return made.isEmpty() || made.stream().anyMatch(p -> container.holdsPort(p.host().port()));
    }

    private static boolean same(Container container, Optional<Container> other) {
        return other.filter(o -> o.id() == container.id()).isPresent();
    }
}
