package zship.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings of one application after all places where they can stand have been read: flag, then environment, then
 * {@code zship.toml}, then the user's file, then the default.
 *
 * @param name the container's name
 * @param recipe a built-in recipe or a path to a recipe file
 * @param node {@code local} or {@code host:port}
 * @param hub {@code local} or a URL
 * @param store {@code local} or a store URL
 * @param ports host port, in the node's grammar, to container port
 * @param env environment of the container, without secrets
 * @param secrets where each secret is to be found
 * @param healthPath the path that must answer 200, empty for the recipe's own
 * @param healthTimeout how long the service may take to become healthy
 */
public record AppSettings(String name, String recipe, String node, String hub, String store, Map<String, Integer> ports,
        Map<String, String> env, Map<String, SecretSource> secrets, Optional<String> healthPath,
        Duration healthTimeout) {

    /** What the word {@code local} stands for: the embedded node, its hub, its store. */
    public static final String LOCAL = "local";

    /** How long a service may take to become healthy when nothing else is set. */
    public static final Duration DEFAULT_HEALTH = Duration.ofSeconds(30);

    private static final String DEFAULT_NAME = "icecast2";
    private static final String DEFAULT_RECIPE = "icecast";
    private static final Map<String, Integer> DEFAULT_PORTS = Map.of("8000", 8000);

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
        Places places = new Places(flags, environment, project, user);
        Map<String, String> env = new LinkedHashMap<>(project.env());
        env.putAll(flags.env());
        Map<String, SecretSource> secrets = new LinkedHashMap<>(project.secrets());
        secrets.putAll(flagSecrets);
        Map<String, Integer> ports = !flags.ports().isEmpty()
                ? flags.ports()
                : !project.ports().isEmpty() ? project.ports() : DEFAULT_PORTS;
        return new AppSettings(places.of(ProjectFile::name, "").orElse(DEFAULT_NAME),
                places.of(ProjectFile::recipe, "").orElse(DEFAULT_RECIPE),
                places.of(ProjectFile::node, "ZSHIP_NODE").orElse(LOCAL),
                places.of(ProjectFile::hub, "ZSHIP_HUB").orElse(LOCAL),
                places.of(ProjectFile::store, "ZSHIP_STORE").orElse(LOCAL), Map.copyOf(ports), Map.copyOf(env),
                Map.copyOf(secrets), places.of(ProjectFile::healthPath, ""), places.of(ProjectFile::healthTimeout, "")
                        .map(text -> Durations.parse("health.timeout", text)).orElse(DEFAULT_HEALTH));
    }

    /**
     * Reads the project file that a command is about: the named one, else {@code zship.toml} in the folder, else none.
     *
     * @param named the file that was named
     * @param folder the current folder
     * @return its contents
     */
    public static ProjectFile project(Optional<Path> named, Path folder) {
        if (named.isPresent()) {
            return ProjectFile.read(named.get());
        }
        Path usual = folder.resolve("zship.toml");
        return Files.exists(usual) ? ProjectFile.read(usual) : ProjectFile.empty();
    }

    /**
     * Reads the user's own file, if there is one.
     *
     * @param folders the user's folders
     * @return its contents
     */
    public static ProjectFile user(Folders folders) {
        Path file = folders.config().resolve("zship.toml");
        return Files.exists(file) ? ProjectFile.read(file) : ProjectFile.empty();
    }

    private record Places(ProjectFile flags, Map<String, String> environment, ProjectFile project, ProjectFile user) {

        Optional<String> of(Function<ProjectFile, Optional<String>> key, String variable) {
            return key.apply(flags).or(() -> Optional.ofNullable(environment.get(variable)).filter(it -> !it.isEmpty()))
                    .or(() -> key.apply(project)).or(() -> key.apply(user));
        }
    }
}
