package zship.cli;

import java.util.Base64;
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
import zship.deployer.node.Filesystem;

/** {@code zship cat NAME PATH}: a file of a container as it is, which needs no program in its root. */
@Command(name = "cat", description = "Prints a file of a container; works although the root has no cat, and with any bytes.")
final class CatCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Parameters(index = "0", paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "a file")
    private String path = "";

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            Filesystem files = new Filesystem(access.containers().in(access.container(name).id()));
            files.copy(path, Long.MAX_VALUE, piece -> {
                if (session.output().json()) {
                    session.output().event("content", Map.of("base64", Base64.getEncoder().encodeToString(piece)));
                } else {
                    session.output().bytes(piece);
                }
            });
            session.output().event("result", Map.of("path", path));
            return ExitCode.OK;
        }
    }
}
