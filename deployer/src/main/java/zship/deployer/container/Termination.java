package zship.deployer.container;

import java.time.Duration;
import java.util.Optional;

import zship.deployer.Deadline;
import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;

/** Ends one container, also one that loses the first signal because it is still starting. */
final class Termination {

    /** A container answers 2 s after its start as a rule. */
    private static final Duration READY = Duration.ofSeconds(6);
    /** A terminate takes 10 to 300 ms as a rule. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final NodeClient node;
    private final Containers containers;

    Termination(NodeClient node, Containers containers) {
        this.node = node;
        this.containers = containers;
    }

    void terminate(int id, Duration timeout) {
        String what = "end container " + id + " on " + node.place();
        Deadline deadline = Deadline.after(node.time(), timeout);
        awaitReady(id, shorter(deadline.remaining(), READY));
        while (!deadline.passed()) {
            Job job = node.submit(Command.of("corex.terminate").with("container", id));
            Optional<JobResult> result = job.tryAwait(shorter(deadline.remaining(), PATIENCE));
            if (result.isPresent() && result.get().success() || containers.get(id).isEmpty()) {
                return;
            }
            if (result.isPresent()) {
                throw NodeException.ofResult(NodeException.Kind.FAILED, what,
                        "a container that never started stays until the node restarts", result.get());
            }
        }
        throw NodeException.failed(what, "it is still there after " + timeout.toSeconds() + " s",
                "try again: `zship rm NAME`; look inside: `zship inspect NAME`");
    }

    /** A signal before the container is up is lost, so an answer from inside is waited for; its absence is no error. */
    private void awaitReady(int id, Duration patience) {
        Optional<Container> container = containers.get(id);
        if (container.isEmpty() || !container.get().started()) {
            return;
        }
        Command ping = Command.of("core.ping").withId(node.newId());
        node.run(Command.of("corex.dispatch").with("container", id).with("command", ping.envelope()), PATIENCE
                .multipliedBy(2)).output();
        node.job(ping.id().orElseThrow(), ping.name()).tryAwait(patience);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
