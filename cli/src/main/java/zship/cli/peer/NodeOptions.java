package zship.cli.peer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.AppSettings;
import zship.cli.config.ProjectFile;
import zship.cli.session.Session;

/** The option that chooses a node. */
public final class NodeOptions {
    @Option(names = "--node", paramLabel = "ADDRESS", description = "local, or host:port of a Zero-OS node")
    private String node = "";

    /** Connects to the node after flag, environment, project file and user file. */
    public NodeAccess open(Session session) {
        ProjectFile flags = new ProjectFile(Optional.empty(), Optional.empty(),
                Optional.of(node).filter(it -> !it.isEmpty()),
                Optional.empty(), Optional.empty(), Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
        AppSettings settings = AppSettings.merge(flags, Map.of(), session.environment(),
                AppSettings.project(Optional.empty(), Path.of("").toAbsolutePath()),
                AppSettings.user(session.folders()));
        return NodeAccess.open(session, settings.node());
    }
}
