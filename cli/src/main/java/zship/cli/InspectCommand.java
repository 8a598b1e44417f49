package zship.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.node.Command;
import zship.deployer.node.JobResult;
import zship.deployer.node.RunningJob;

/** {@code zship inspect NAME}: everything about one container, without the values of its environment. */
@picocli.CommandLine.Command(name = "inspect", description = "Shows everything about a container, except secrets.")
final class InspectCommand implements Callable<Integer> {
    private static final Duration QUICK = Duration.ofSeconds(30);

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
            root(access, container.id()).ifPresent(root -> fields.put("files", root));
            StringBuilder text = new StringBuilder();
            fields.forEach((key, value) -> text
                    .append("%-9s %s%n".formatted(key, key.equals("files") ? files(value) : value)));
            session.output().result(fields, text.toString().stripTrailing());
            return ExitCode.OK;
        }
    }

    /** How much of the container's root is on the node's machine; only the local node can tell. */
    private static Optional<Map<?, ?>> root(NodeAccess access, int id) {
        JobResult answer = access.client().run(Command.of("zship.root").with("container", id), QUICK);
        return answer.success()
                ? Optional.of(JsonMapper.shared().convertValue(answer.json(), Map.class))
                : Optional.empty();
    }

    private static String files(Object root) {
        Map<?, ?> values = (Map<?, ?>) root;
        if (!"lazy".equals(values.get("mode"))) {
            return "all fetched before the start";
        }
        return "%s of %s chunks fetched (%s of %s), the others when they are read".formatted(values.get("present"),
                values.get("chunks"), size(values, "presentBytes"), size(values, "bytes"));
    }

    private static String size(Map<?, ?> values, String key) {
        return Sizes.bytes(values.get(key) instanceof Number number ? number.longValue() : 0);
    }
}
