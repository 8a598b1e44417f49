package zship.deployer.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import zship.deployer.container.Container;
import zship.deployer.container.Containers;
import zship.deployer.container.PortMapping;
import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeException;

/**
 * Moves public ports from one container to another. A node forwards a port number once, so there is a moment without a
 * forward; to keep it short, all commands are pushed in one step into one queue of the node, which runs them back to
 * back.
 */
final class PortSwitch {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ADD = "corex.portforward-add";
    private static final String REMOVE = "corex.portforward-remove";

    private final Stage stage;
    private final String queue;

    PortSwitch(Stage stage, String app) {
        this.stage = stage;
        this.queue = "zship-ports-" + app;
    }

    /**
     * Makes these ports lead into a container, taking them from the other where it has them. When that fails, what was
     * taken is given back.
     *
     * @param from the container that may have them
     * @param to the container that gets them
     * @param mappings the ports
     */
    void move(Optional<Container> from, int to, List<PortMapping> mappings) {
        List<PortMapping> taken = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        Optional<Container> target = stage.containers().get(to);
        for (PortMapping mapping : mappings) {
            int port = mapping.host().port();
            if (target.filter(c -> c.holdsPort(port)).isPresent()) {
                continue;
            }
            if (from.filter(c -> c.holdsPort(port)).isPresent()) {
                commands.add(forward(REMOVE, from.get().id(), mapping));
                taken.add(mapping);
            }
            commands.add(forward(ADD, to, mapping));
        }
        try {
            run(commands, "move the public ports to container " + to);
        } catch (NodeException e) {
            from.ifPresent(old -> giveBack(old, to, mappings, taken));
            throw e;
        }
    }

    /** Takes ports away from a container; none of them need be there. */
    void drop(int from, List<PortMapping> mappings) {
        run(mappings.stream().map(m -> forward(REMOVE, from, m)).toList(), "remove spare ports of container " + from);
    }

    private void giveBack(Container old, int to, List<PortMapping> mappings, List<PortMapping> taken) {
        List<Command> commands = new ArrayList<>();
        mappings.forEach(m -> commands.add(forward(REMOVE, to, m)));
        run(commands, "take the public ports back");
        Optional<Container> now = stage.containers().get(old.id());
        run(taken.stream().filter(m -> now.filter(c -> !c.holdsPort(m.host().port())).isPresent())
                .map(m -> forward(ADD, old.id(), m)).toList(), "give the public ports back to container " + old.id());
    }

    private Command forward(String name, int container, PortMapping mapping) {
        return Containers.forward(name, container, mapping).inQueue(queue);
    }

    private void run(List<Command> commands, String what) {
        if (commands.isEmpty()) {
            return;
        }
        Optional<JobResult> failed = Optional.empty();
        for (Job job : stage.node().submitAll(commands)) {
            JobResult result = job.await(LIMIT);
            if (failed.isEmpty() && !result.success()) {
                failed = Optional.of(result);
            }
        }
        failed.ifPresent(result -> result.orThrow(what, "`zship ps` shows who has which port"));
    }
}
