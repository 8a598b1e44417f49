package zship.cli;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.node.JobResult;
import zship.deployer.node.MessageLevel;
import zship.deployer.node.RunningJob;
import zship.deployer.node.StreamMessage;

/** {@code zship logs NAME}: what the service in a container printed. */
@Command(name = "logs", description = "Prints the output of the service in a container.")
final class LogsCommand implements Callable<Integer> {
    private static final Duration BACKLOG = Duration.ofSeconds(1);

    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Option(names = {"-f", "--follow"}, description = "go on with new output until the service ends")
    private boolean follow;

    @Option(names = "--service", paramLabel = "ID", description = "which start-up service, when there are several")
    private String service = "";

    @Parameters(paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            Container container = access.container(name);
            String job = service.isEmpty() ? running(access, container) : service;
            Optional<JobResult> ended = access.containers().serviceResult(container.id(), job);
            if (ended.isPresent()) {
                session.output().raw(ended.get().output().stdout(), false);
                session.output().raw(ended.get().output().stderr(), true);
                session.output().note("service " + job + " has ended: " + ended.get().state());
            } else {
                access.containers().logs(container.id(), job, follow ? Optional.empty() : Optional.of(BACKLOG),
                        message -> print(session, message));
            }
            session.output().result(Map.of("name", container.label(), "service", job), "");
            return ExitCode.OK;
        }
    }

    private String running(NodeAccess access, Container container) {
        return access.containers().jobs(container.id()).stream().filter(LogsCommand::isService).map(RunningJob::id)
                .sorted().findFirst()
                .orElseThrow(() -> new CliException(ExitCode.FAILED, "no service runs in " + container.label(),
                        "it has ended, or the root has none",
                        "zship logs --service ID " + name + " for one that ended"));
    }

    /** A job that reads another's output, such as an earlier one of this command, is not what the user asks for. */
    private static boolean isService(RunningJob job) {
        return !job.command().startsWith("core.") || job.command().equals("core.system");
    }

    private static void print(Session session, StreamMessage message) {
        session.output().raw(message.text(), message.level() == MessageLevel.STDERR);
    }
}
