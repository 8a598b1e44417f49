package zship.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
        return new AppSettings(layers.find(Setting.NAME).value(), layers.find(Setting.RECIPE).value(),
                layers.find(Setting.NODE).value(), layers.find(Setting.HUB).value(),
                layers.find(Setting.STORE).value(), Map.copyOf(layers.ports().value()), Map.copyOf(env),
                Map.copyOf(secrets), layers.text(Setting.HEALTH_PATH),
                Durations.parse(Setting.HEALTH_TIMEOUT.key(), layers.find(Setting.HEALTH_TIMEOUT).value()));
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
