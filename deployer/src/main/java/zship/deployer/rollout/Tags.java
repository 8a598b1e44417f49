package zship.deployer.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import zship.deployer.container.Container;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.PortMapping;

/** The tags by which a rollout knows its containers again. */
final class Tags {

    /** On every container made by a rollout. */
    static final String MARK = "zship";

    private static final String APP = "zship.app";
    private static final String DIGEST = "zship.digest";
    private static final String ID = "zship.id";
    private static final String PORTS = "zship.ports";

    private Tags() {
    }

    /** The tag all containers of an app have. */
    static String app(String name) {
        return APP + "=" + name;
    }

    /** The spec with the tags of one attempt to deploy it, and its public ports written down. */
    static ContainerSpec mark(App app, String digest, String commandId) {
        List<String> tags = new ArrayList<>(app.spec().tags());
        tags.add(MARK);
        tags.add(app(app.name().value()));
        tags.add(DIGEST + "=" + digest);
        tags.add(ID + "=" + commandId);
        tags.add(PORTS + "=" + String.join(",", app.spec().network().ports().stream().map(PortMapping::toString)
                .toList()));
        return app.spec().withTags(tags);
    }

    /** The tags a container has besides those of a rollout. */
    static List<String> foreign(List<String> tags) {
        return tags.stream().filter(tag -> !tag.equals(MARK) && !tag.matches("zship\\.(app|digest|id|ports)=.*"))
                .toList();
    }

    static boolean hasDigest(Container container, String digest) {
        return container.tag(DIGEST).filter(digest::equals).isPresent();
    }

    static boolean hasId(Container container, String commandId) {
        return container.tag(ID).filter(commandId::equals).isPresent();
    }

    /** The public ports a container was made for, whether it has them now or not. */
    static List<PortMapping> publicPorts(Container container) {
        return container.tag(PORTS).stream().flatMap(list -> Arrays.stream(list.split(","))).filter(p -> !p.isEmpty())
                .map(PortMapping::of).toList();
    }
}
