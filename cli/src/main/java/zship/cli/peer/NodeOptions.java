package zship.cli.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import zship.cli.config.AppSettings;
import zship.cli.config.ProjectFile;
import zship.cli.config.RolloutConfig;
import zship.cli.session.Session;

/** The options that choose a node and say how to connect to it. */
public final class NodeOptions {
    @Option(names = "--node", paramLabel = "ADDRESS", description = "local, or host:port of a Zero-OS node; more than once for several")
    private List<String> nodes = new ArrayList<>();

    @Mixin
    private ConnectionOptions connection;

    /** Connects to the node after flag, environment, project file and user file. */
    public NodeAccess open(Session session) {
        AppSettings settings = settings(session);
        return NodeAccess.open(session, settings.node(), connection(session, settings));
    }

    /** The settings after flag, environment, project file and user file. */
    public AppSettings settings(Session session) {
        return settings(session, RolloutConfig.EMPTY);
    }

    /** The same, where the command line also says how a rollout is made. */
    public AppSettings settings(Session session, RolloutConfig rollout) {
        return AppSettings.of(session.folders(), session.environment(),
                ProjectFile.empty().withNodes(nodes).withRollout(rollout), Path.of("").toAbsolutePath());
    }

    /** How to connect. */
    public NodeConnection connection(Session session, AppSettings settings) {
        return connection.connection(session, settings.rollout());
    }
}
