package zship.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.toml.TomlMapper;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.disk.DiskFaults;

/**
 * One application as {@code zship.toml} describes it. Every key is optional; an unknown one is an error that names its
 * line and the nearest key.
 *
 * @param name the container's name
 * @param recipe a built-in recipe or a path to a recipe file
 * @param nodes the nodes, each {@code local} or {@code host:port}; empty when not set
 * @param hub {@code local} or a URL
 * @param store {@code local} or a store URL
 * @param ports host port to container port
 * @param env environment of the container, without secrets
 * @param secrets where each secret is to be found
 * @param container everything else about the container
 * @param health when it counts as healthy
 * @param rollout how it is brought to its nodes
 * @param build how its root is built
 */
public record ProjectFile(Optional<String> name, Optional<String> recipe, List<String> nodes, Optional<String> hub,
        Optional<String> store, Map<String, Integer> ports, Map<String, String> env, Map<String, SecretSource> secrets,
        ContainerConfig container, HealthConfig health, RolloutConfig rollout,
        BuildConfig build) {

    private static final long LARGEST = 1 << 20;

    /** Copies the list. */
    public ProjectFile {
        nodes = List.copyOf(nodes);
    }

    /**
     * Returns a project file in which nothing is set.
     *
     * @return the empty project
     */
    public static ProjectFile empty() {
        return new ProjectFile(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
                Map.of(), Map.of(), Map.of(), ContainerConfig.EMPTY, HealthConfig.EMPTY, RolloutConfig.EMPTY,
                BuildConfig.EMPTY);
    }

    /** The same with these nodes. */
    public ProjectFile withNodes(List<String> value) {
        return new ProjectFile(name, recipe, value, hub, store, ports, env, secrets, container, health, rollout,
                build);
    }

    /** The same with a hub. */
    public ProjectFile withHub(Optional<String> value) {
        return new ProjectFile(name, recipe, nodes, value, store, ports, env, secrets, container, health, rollout,
                build);
    }

    /** The same with a recipe. */
    public ProjectFile withRecipe(Optional<String> value) {
        return new ProjectFile(name, value, nodes, hub, store, ports, env, secrets, container, health, rollout,
                build);
    }

    /** The same with other settings for how its root is built. */
    public ProjectFile withBuild(BuildConfig value) {
        return new ProjectFile(name, recipe, nodes, hub, store, ports, env, secrets, container, health, rollout,
                value);
    }

    /** The same with other settings for how it is brought to its nodes. */
    public ProjectFile withRollout(RolloutConfig value) {
        return new ProjectFile(name, recipe, nodes, hub, store, ports, env, secrets, container, health, value, build);
    }

    /**
     * Returns the same project with other secrets.
     *
     * @param sources where each secret is to be found
     * @return the changed project
     */
    public ProjectFile withSecrets(Map<String, SecretSource> sources) {
        return new ProjectFile(name, recipe, nodes, hub, store, ports, env, sources, container, health, rollout,
                build);
    }

    /** The nodes as one text, with commas between them; empty when not set. */
    Optional<String> node() {
        return nodes.isEmpty() ? Optional.empty() : Optional.of(String.join(",", nodes));
    }

    /** The path that must answer. */
    Optional<String> healthPath() {
        return health.path();
    }

    /** How long the service may take to become healthy, such as {@code 30s}. */
    Optional<String> healthTimeout() {
        return health.timeout();
    }

    /**
     * Reads a project file.
     *
     * @param file the TOML file
     * @return its contents
     * @throws CliException when it cannot be read, is not TOML, or has a key or value that is not known
     */
    public static ProjectFile read(Path file) {
        String text = text(file);
        try {
            return new ProjectReader(file, text).project(new TomlMapper().readTree(text));
        } catch (JacksonException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file,
                    "line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), "mend the file");
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new CliException(ExitCode.USAGE, "cannot read " + file, "it is larger than 1 MiB",
                        "name a zship.toml file");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file,
                    Files.exists(file) ? DiskFaults.reason(e) : "there is no such file",
                    "name an existing file, or leave it out for the built-in icecast");
        }
    }
}
