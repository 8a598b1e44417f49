package zship.deployer.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import zship.deployer.container.Container;
import zship.deployer.container.PortMapping;
import zship.deployer.node.Facts;
import zship.deployer.node.ListeningSocket;

/** Chooses ports of the node that nobody uses, for a new container until the public ports move to it. */
final class SparePorts {

    private static final int TRIES = 200;

    private final Stage stage;

    SparePorts(Stage stage) {
        this.stage = stage;
    }

    /** The same mappings, each from a free port of the spare range. */
    List<PortMapping> forMappings(List<PortMapping> mappings) {
        Set<Integer> used = used();
        List<PortMapping> spare = new ArrayList<>();
        for (PortMapping mapping : mappings) {
            int port = choose(used);
            used.add(port);
            spare.add(new PortMapping(mapping.host().withPort(port), mapping.container()));
        }
        return spare;
    }

    private Set<Integer> used() {
        Set<Integer> used = new HashSet<>();
        for (Container container : stage.containers().list()) {
            used.addAll(container.portsByNumber().keySet());
        }
        for (ListeningSocket socket : new Facts(stage.node()).sockets()) {
            used.add(socket.port());
        }
        return used;
    }

    private int choose(Set<Integer> used) {
        RolloutSettings.PortRange range = stage.settings().spare();
        for (int i = 0; i < TRIES; i++) {
            int port = stage.settings().random().nextInt(range.first(), range.last() + 1);
            if (!used.contains(port)) {
                return port;
            }
        }
        throw RolloutException.prerequisite("find a free port on " + stage.node().place(),
                "nearly all of " + range.first() + " to " + range.last() + " are in use",
                "remove containers that are not needed: `zship ps`");
    }
}
