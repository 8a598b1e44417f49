package zship.deployer.health;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import zship.deployer.DeployException;
import zship.deployer.container.Containers;
import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.NodeException;

/**
 * The inside of one container. The output of its services is copied from the moment it is first asked for; a node hands
 * over a job's last ten messages then, so what was said long before is not seen.
 */
final class ContainerInside implements Inside {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Containers containers;
    private final int id;
    private final Supplier<Set<String>> services;
    private final Map<String, Job> copies = new LinkedHashMap<>();

    ContainerInside(Containers containers, int id, Supplier<Set<String>> services) {
        this.containers = containers;
        this.id = id;
        this.services = services;
    }

    @Override
    public String output() {
        StringBuilder text = new StringBuilder();
        for (String service : services.get()) {
            // A copy that has ended is of a service that did not run yet, or of one that was started again since.
            copies.computeIfPresent(service, (name, copy) -> copy.poll().isPresent() ? null : copy);
            try {
                Job copy = copies.computeIfAbsent(service, name -> containers.dispatch(id,
                        Command.of("core.subscribe").with("id", name).streaming()));
                copy.messages().forEach(message -> text.append(message.text()));
            } catch (NodeException e) {
                passing(e);
            }
        }
        return text.toString();
    }

    @Override
    public Optional<String> run(List<String> command) {
        try {
            return Optional.of(containers.in(id)
                    .run(Containers.systemCommand(command).withMaxTime(LIMIT), LIMIT.plus(GRACE)))
                    .filter(result -> !result.success()).map(result -> result.failure());
        } catch (NodeException e) {
            return Optional.of(passing(e));
        }
    }

    /** What may pass while the container starts; a node that does not answer is for the caller. */
    private static String passing(NodeException fault) {
        if (fault.kind() == DeployException.Kind.UNREACHABLE) {
            throw fault;
        }
        return fault.why();
    }
}
