package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import zship.cli.config.AppSettings;
import zship.cli.config.BuildConfig;
import zship.cli.config.Layers;
import zship.cli.config.ProjectFile;
import zship.cli.peer.ConnectionOptions;
import zship.cli.peer.NodeConnection;
import zship.cli.session.Session;
import zship.deployer.container.PortMapping;

/** The options of the commands that deploy an application. */
final class AppOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "the container's name")
    private String name = "";

    @Option(names = "--node", paramLabel = "ADDRESS", description = "local, or host:port of a Zero-OS node; more than once for several")
    private List<String> nodes = new ArrayList<>();

    @Option(names = "--hub", paramLabel = "URL", description = "local, or the URL of a hub")
    private String hub = "";

    @Option(names = "--store", paramLabel = "URL", description = "local, or the URL of a chunk store")
    private String store = "";

    @Option(names = {"-p", "--port"}, paramLabel = "HOST:CONTAINER", description = "forward a port of the node")
    private List<String> ports = new ArrayList<>();

    @Mixin
    private EnvOptions variables;

    @Mixin
    private ContainerOptions container;

    @Mixin
    private HealthOptions health;

    @Mixin
    private RolloutOptions rollout;

    @Mixin
    private ConnectionOptions connection;

    /** The settings after flags, environment, project file, user file and defaults. */
    AppSettings settings(Session session, Optional<Path> projectFile) {
        return AppSettings.of(layers(session, projectFile));
    }

    /** The places where the settings can stand. */
    Layers layers(Session session, Optional<Path> projectFile) {
        ProjectFile flags = new ProjectFile(given(name), Optional.empty(), nodes, given(hub), given(store), ports(),
                variables.env(), variables.secrets(), container.config(), health.config(), rollout.config(),
                BuildConfig.EMPTY);
        return new Layers(flags, session.environment(),
                AppSettings.project(projectFile, Path.of("").toAbsolutePath()), AppSettings.user(session.folders()));
    }

    /** How to connect to the nodes. */
    NodeConnection connection(Session session, AppSettings settings) {
        return connection.connection(session, settings.rollout());
    }

    private Map<String, Integer> ports() {
        Map<String, Integer> forwards = new LinkedHashMap<>();
        ports.stream().map(PortMapping::of).forEach(port -> forwards.put(port.host().toString(), port.container()));
        return forwards;
    }

    private static Optional<String> given(String value) {
        return Optional.of(value).filter(it -> !it.isEmpty());
    }
}
