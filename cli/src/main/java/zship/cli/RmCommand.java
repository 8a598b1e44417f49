package zship.cli;

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

/** {@code zship rm NAME}: ends and removes a container. */
@Command(name = "rm", description = "Ends a container; build, flist, chunks and secrets stay.")
final class RmCommand implements Callable<Integer> {
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
            access.containers().terminate(container.id(), session.timeout());
            session.output().result(Map.of("removed", container.name(), "id", container.id()),
                    "removed " + container.label());
            return ExitCode.OK;
        }
    }
}
