package zship.cli.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.node.Jobs;
import zship.deployer.node.RunningJob;

/** {@code zship node jobs}. Arguments of jobs are not shown, as they may hold passwords. */
@Command(name = "jobs", description = "Lists the jobs that run on the node, or in one of its containers.")
public final class NodeJobs implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeOptions node;

    @Option(names = "--in", paramLabel = "NAME", description = "those of a container, by its name or number")
    private String container = "";

    @Override
    public Integer call() {
        Session session = ((SessionSource) spec.root().userObject()).session();
        try (NodeAccess access = node.open(session)) {
            List<RunningJob> jobs = container.isEmpty()
                    ? new Jobs(access.client()).list()
                    : access.containers().jobs(access.container(container).id());
            if (session.output().json()) {
                session.output().result(Map.of("jobs", jobs.stream().map(NodeJobs::fields).toList()), "");
            } else {
                session.output().table(List.of("ID", "COMMAND", "PID", "MEMORY", "STARTED"),
                        jobs.stream().map(NodeJobs::row).toList());
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(RunningJob job) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", job.id());
        fields.put("command", job.command());
        fields.put("pid", job.pid());
        fields.put("memory", job.residentBytes());
        fields.put("started", job.started().toString());
        return fields;
    }

    private static List<String> row(RunningJob job) {
        return List.of(job.id(), job.command(), job.pid() == 0 ? "-" : Long.toString(job.pid()),
                Sizes.bytes(job.residentBytes()), job.started().toString());
    }
}
