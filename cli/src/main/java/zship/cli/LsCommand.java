package zship.cli;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.node.Filesystem;

/** {@code zship ls NAME PATH}: a directory of a container, which needs no program in its root. */
@Command(name = "ls", description = "Lists a directory of a container; works although the root has no ls.")
final class LsCommand implements Callable<Integer> {
    private static final int ALL_BITS = 07777;

    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Option(names = "-l", description = "with permissions and size")
    private boolean detailed;

    @Parameters(index = "0", paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", defaultValue = "/", description = "a directory (default: ${DEFAULT-VALUE})")
    private String path = "/";

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            List<Filesystem.Item> items = new Filesystem(access.containers().in(access.container(name).id()))
                    .list(path).stream().sorted(Comparator.comparing(Filesystem.Item::name)).toList();
            if (session.output().json()) {
                session.output().result(Map.of("path", path, "entries", items.stream().map(LsCommand::fields)
                        .toList()), "");
            } else {
                items.forEach(item -> session.output().line(line(item)));
            }
            return ExitCode.OK;
        }
    }

    private String line(Filesystem.Item item) {
        String shown = item.name() + (item.directory() ? "/" : "");
        return detailed ? "%04o %12d %s".formatted(item.mode() & ALL_BITS, item.size(), shown) : shown;
    }

    private static Map<String, Object> fields(Filesystem.Item item) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", item.name());
        fields.put("directory", item.directory());
        fields.put("size", item.size());
        fields.put("mode", "%04o".formatted(item.mode() & ALL_BITS));
        return fields;
    }
}
