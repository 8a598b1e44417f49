package zship.localnode.container;

import java.util.Map;

import zship.localnode.job.Builtin;
import zship.localnode.job.GoJson;

/** The commands that look at a container's files. */
final class FileCommands {

    private FileCommands() {
    }

    static Map<String, Builtin> of(RootTree tree) {
        return Map.of("filesystem.exists",
                arguments -> GoJson.nodes().booleanNode(tree.resolve(arguments.text("path")).isPresent()));
    }
}
