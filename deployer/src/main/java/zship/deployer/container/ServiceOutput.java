package zship.deployer.container;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import zship.deployer.Deadline;
import zship.deployer.Time;
import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeException;
import zship.deployer.node.StreamMessage;

/** The output of a job inside a container. */
final class ServiceOutput {

    /** How often it is asked whether the container is still there while its output is silent. */
    private static final Duration SLICE = Duration.ofSeconds(20);

    private final Containers containers;
    private final Time time;
    private final int id;

    ServiceOutput(Containers containers, Time time, int id) {
        this.containers = containers;
        this.time = time;
        this.id = id;
    }

    void follow(String service, Optional<Duration> timeout, Consumer<StreamMessage> messages) {
        Job job = containers.dispatch(id, Command.of("core.subscribe").with("id", service).streaming());
        Optional<Deadline> deadline = timeout.map(length -> Deadline.after(time, length));
        boolean complete = false;
        while (!complete && deadline.map(d -> !d.passed()).orElse(true)) {
            Duration slice = deadline.map(Deadline::remaining).filter(left -> left.compareTo(SLICE) < 0).orElse(SLICE);
            complete = job.stream(Optional.of(slice), messages) || job.poll().isPresent()
                    || containers.get(id).isEmpty();
        }
        refuseUnknown(service, job);
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
