package zship.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.node.RunningJob;

/** {@code zship inspect NAME}: everything about one container, without the values of its environment. */
@Command(name = "inspect", description = "Shows everything about a container, except secrets.")
final class InspectCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Parameters(paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            Container container = access.container(name);
            List<RunningJob> jobs = access.containers().jobs(container.id());
            Map<String, Object> fields = new LinkedHashMap<>(PsCommand.fields(container));
            fields.put("jobs",
                    jobs.stream().map(job -> Map.of("id", job.id(), "command", job.command(), "pid", job.pid(),
                            "started", job.started().toString())).toList());
            StringBuilder text = new StringBuilder();
            fields.forEach((key, value) -> text.append("%-9s %s%n".formatted(key, value)));
            session.output().result(fields, text.toString().stripTrailing());
            return ExitCode.OK;
        }
    }
}
