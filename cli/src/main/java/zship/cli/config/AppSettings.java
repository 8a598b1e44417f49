package zship.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;

/**
 * The settings of one application after all places where they can stand have been read: flag, then environment, then
 * {@code zship.toml}, then the user's file, then the default.
 *
 * @param name the container's name
 * @param recipe a built-in recipe or a path to a recipe file
 * @param nodes the nodes, each {@code local} or {@code host:port}; at least one
 * @param hub {@code local} or a URL
 * @param store {@code local} or a store URL
 * @param ports host port, in the node's grammar, to container port
 * @param env environment of the container, without secrets
 * @param secrets where each secret is to be found
 * @param container everything else about the container
 * @param health when it counts as healthy
 * @param rollout how it is brought to its nodes
 */
public record AppSettings(String name, String recipe, List<String> nodes, String hub, String store,
        Map<String, Integer> ports, Map<String, String> env, Map<String, SecretSource> secrets,
        ContainerConfig container, HealthConfig health, RolloutConfig rollout) {

    /** What the word {@code local} stands for: the embedded node, its hub, its store. */
    public static final String LOCAL = "local";

    /** How long a service may take to become healthy when nothing else is set. */
    public static final Duration DEFAULT_HEALTH = Duration.ofSeconds(30);

    /**
     * Merges all places.
     *
     * @param flags what the command line says; the same shape as a project file
     * @param flagSecrets the secrets that the command line names
     * @param environment the process environment
     * @param project the project file
     * @param user the user's own file
     * @return the merged settings
     */
    public static AppSettings merge(ProjectFile flags, Map<String, SecretSource> flagSecrets,
            Map<String, String> environment, ProjectFile project, ProjectFile user) {
        return of(new Layers(flags.withSecrets(flagSecrets), environment, project, user));
    }

    /**
     * Takes each setting from the strongest place that has it.
     *
     * @param layers all places
     * @return the merged settings
     */
    public static AppSettings of(Layers layers) {
        Map<String, String> env = new LinkedHashMap<>();
        layers.env().forEach((name, found) -> env.put(name, found.value()));
        Map<String, SecretSource> secrets = new LinkedHashMap<>();
        layers.secrets().forEach((name, found) -> secrets.put(name, found.value()));
        ContainerConfig container = layers.flags().container().over(layers.project().container())
                .over(layers.user().container());
        HealthConfig health = layers.flags().health().over(layers.project().health()).over(layers.user().health())
                .with(layers.text(Setting.HEALTH_PATH), layers.find(Setting.HEALTH_TIMEOUT).value());
        List<String> nodes = Arrays.stream(layers.find(Setting.NODE).value().split(",")).map(String::strip)
                .filter(it -> !it.isEmpty()).distinct().toList();
        AppSettings settings = new AppSettings(layers.find(Setting.NAME).value(),
                layers.find(Setting.RECIPE).value(), nodes.isEmpty() ? List.of(LOCAL) : nodes,
                layers.find(Setting.HUB).value(), layers.find(Setting.STORE).value(), ports(layers, container),
                Map.copyOf(env), Map.copyOf(secrets), container, health,
                layers.flags().rollout().over(layers.project().rollout()).over(layers.user().rollout()));
        settings.healthTimeout();
        return settings;
    }

    /** The usual port is for a container that ports can lead into. */
    private static Map<String, Integer> ports(Layers layers, ContainerConfig container) {
        Layers.Found<Map<String, Integer>> found = layers.ports();
        return found.layer() == Layers.Layer.DEFAULT && !container.forwardsPorts()
                ? Map.of()
                : Map.copyOf(found.value());
    }

    /** Settings of a container that is there already, with nothing else set. */
    public static AppSettings onLocal(String name, Map<String, Integer> ports) {
        return new AppSettings(name, "", List.of(LOCAL), LOCAL, LOCAL, ports, Map.of(), Map.of(),
                ContainerConfig.EMPTY, HealthConfig.EMPTY, RolloutConfig.EMPTY);
    }

    /** The same with another hub and store. */
    public AppSettings withPeers(String otherHub, String otherStore) {
        return new AppSettings(name, recipe, nodes, otherHub, otherStore, ports, env, secrets, container, health,
                rollout);
    }

    /**
     * The only node.
     *
     * @throws CliException when there are several
     */
    public String node() {
        if (nodes.size() > 1) {
            throw new CliException(ExitCode.USAGE, "cannot do this on " + nodes.size() + " nodes at once",
                    "the settings name " + String.join(", ", nodes), "choose one with --node");
        }
        return nodes.getFirst();
    }

    /** The path that must answer, empty for the recipe's own. */
    public Optional<String> healthPath() {
        return health.path();
    }

    /** How long the service may take to become healthy. */
    public Duration healthTimeout() {
        return health.timeout().map(text -> Durations.parse(Setting.HEALTH_TIMEOUT.key(), text))
                .orElse(DEFAULT_HEALTH);
    }

    /**
     * The settings of a command that is about no application: flags, environment, {@code zship.toml} of the folder, user
     * file, defaults.
     *
     * @param folders the user's folders
     * @param environment the process environment
     * @param flags what the command line says
     * @param folder the current folder
     */
    public static AppSettings of(Folders folders, Map<String, String> environment, ProjectFile flags, Path folder) {
        return merge(flags, Map.of(), environment, project(Optional.empty(), folder), user(folders));
    }

    /**
     * Reads the project file that a command is about: the named one, else {@code zship.toml} in the folder, else none.
     *
     * @param named the file that was named
     * @param folder the current folder
     * @return its contents
     */
    public static ProjectFile project(Optional<Path> named, Path folder) {
        return projectFile(named, folder).map(ProjectFile::read).orElseGet(ProjectFile::empty);
    }

    /**
     * Reads the user's own file, if there is one.
     *
     * @param folders the user's folders
     * @return its contents
     */
    public static ProjectFile user(Folders folders) {
        Path file = userFile(folders);
        return Files.exists(file) ? ProjectFile.read(file) : ProjectFile.empty();
    }

    /**
     * Returns which project file a command is about.
     *
     * @param named the file that was named
     * @param folder the current folder
     * @return the named one, else {@code zship.toml} of the folder when it exists
     */
    public static Optional<Path> projectFile(Optional<Path> named, Path folder) {
        return named.or(() -> Optional.of(folder.resolve("zship.toml")).filter(Files::exists));
    }

    /**
     * Returns where the user's own file is.
     *
     * @param folders the user's folders
     * @return the file, which need not exist
     */
    public static Path userFile(Folders folders) {
        return folders.config().resolve("zship.toml");
    }
}
