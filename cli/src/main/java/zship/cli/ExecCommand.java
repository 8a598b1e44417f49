package zship.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.container.Containers;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.MessageLevel;

/** {@code zship exec NAME -- CMD}: runs a program in a container. */
@Command(name = "exec", description = "Runs a program in a container; its exit code becomes that of zship.")
final class ExecCommand implements Callable<Integer> {
    /** How long after the end of the output the result may come. */
    private static final Duration RESULT = Duration.ofSeconds(20);

    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Parameters(index = "0", paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "the program and its arguments, after --")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            Container container = access.container(name);
            Job job = access.containers().dispatch(container.id(), Containers.systemCommand(command).streaming());
            job.stream(Optional.empty(), message -> {
                if (message.level() == MessageLevel.STDOUT || message.level() == MessageLevel.STDERR) {
                    session.output().raw(message.text(), message.level() == MessageLevel.STDERR);
                }
            });
            JobResult result = job.await(RESULT);
            if (!result.success() && result.code().exitStatus().isEmpty()) {
                throw new CliException(ExitCode.FAILED, "cannot run " + command.getFirst() + " in " + container.label(),
                        result.failure(), "zship ls " + name + " / shows what the root has");
            }
            int status = result.code().exitStatus().orElse(ExitCode.OK);
            session.output().result(Map.of("name", container.label(), "exit", status), "");
            return status;
        }
    }
}
