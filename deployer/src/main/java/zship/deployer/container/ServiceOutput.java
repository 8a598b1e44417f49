package zship.deployer.container;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeException;
import zship.deployer.node.StreamMessage;

/** The output of a job inside a container. */
final class ServiceOutput {

    private static final Duration SHORT = Duration.ofSeconds(5);

    private final Containers containers;
    private final int id;

    ServiceOutput(Containers containers, int id) {
        this.containers = containers;
        this.id = id;
    }

    void follow(String service, Optional<Duration> timeout, Consumer<StreamMessage> messages) {
        Job job = containers.dispatch(id, Command.of("core.subscribe").with("id", service).streaming());
        boolean complete = job.stream(timeout, messages);
        if (!complete) {
            refuseUnknown(service, job);
        }
    }

    private void refuseUnknown(String service, Job job) {
        Optional<JobResult> answer = job.poll();
        if (answer.isPresent() && !answer.get().success()) {
            throw NodeException.ofResult(NodeException.Kind.FAILED,
                    "read the output of '" + service + "' in container " + id,
                    "`zship inspect NAME` lists the jobs in it", answer.get());
        }
    }
}
