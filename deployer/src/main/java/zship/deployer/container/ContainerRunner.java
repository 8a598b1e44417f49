package zship.deployer.container;

import java.time.Duration;

import zship.deployer.node.Command;
import zship.deployer.node.CommandRunner;
import zship.deployer.node.Job;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;

/** The inside of a container as a place where commands run. Its first process passes them on and answers. */
public final class ContainerRunner implements CommandRunner {

    private static final Duration HAND_OVER = Duration.ofSeconds(20);

    private final NodeClient node;
    private final int id;

    ContainerRunner(NodeClient node, int id) {
        this.node = node;
        this.id = id;
    }

    /**
     * Hands a command over. It is answered only after the container's start-up services are under way, 2 s after the
     * start as a rule.
     *
     * @throws NodeException when the container does not exist or does not take it
     */
    @Override
    public Job submit(Command command) {
        Command inner = command.id().isPresent() ? command : command.withId(node.newId());
        Command outer = Command.of("corex.dispatch").with("container", id).with("command", inner.envelope());
        String job = node.run(outer, HAND_OVER).orThrow("run " + command.name() + " in container " + id,
                "`zship ps` shows whether it is still there").text();
        return node.job(job, command.name());
    }

    /** The container's number. */
    public int container() {
        return id;
    }

    @Override
    public String place() {
        return "container " + id;
    }
}
