package zship.cli.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

import zship.builder.recipe.Recipes;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.disk.DiskFaults;

/**
 * One application as {@code zship.toml} describes it. Every key is optional; an unknown one is an error that names its
 * line and the nearest key.
 *
 * @param name the container's name
 * @param recipe a built-in recipe or a path to a recipe file
 * @param node {@code local} or {@code host:port}
 * @param hub {@code local} or a URL
 * @param store {@code local} or a store URL
 * @param ports host port to container port
 * @param env environment of the container, without secrets
 * @param secrets where each secret is to be found
 * @param healthPath the path that must answer 200
 * @param healthTimeout how long the service may take to become healthy, such as {@code 30s}
 */
public record ProjectFile(Optional<String> name, Optional<String> recipe, Optional<String> node, Optional<String> hub,
        Optional<String> store, Map<String, Integer> ports, Map<String, String> env, Map<String, SecretSource> secrets,
        Optional<String> healthPath, Optional<String> healthTimeout) {

    private static final long LARGEST = 1 << 20;
    private static final Set<String> KEYS = Set.of("name", "recipe", "node", "hub", "store", "ports", "env", "secrets",
            "health");
    private static final Set<String> HEALTH_KEYS = Set.of("path", "timeout");

    /**
     * Returns a project file in which nothing is set.
     *
     * @return the empty project
     */
    public static ProjectFile empty() {
        return new ProjectFile(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns the same project with other secrets.
     *
     * @param sources where each secret is to be found
     * @return the changed project
     */
    public ProjectFile withSecrets(Map<String, SecretSource> sources) {
        return new ProjectFile(name, recipe, node, hub, store, ports, env, sources, healthPath, healthTimeout);
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
            return new Reader(file, text).project(new TomlMapper().readTree(text));
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

    private record Reader(Path file, String text) {

        ProjectFile project(JsonNode root) {
            known(root, KEYS, "");
            JsonNode health = root.path("health");
            known(health, HEALTH_KEYS, "health.");
            Map<String, Integer> ports = new LinkedHashMap<>();
            root.path("ports").properties().forEach(port -> ports.put(port.getKey(), port(port)));
            Map<String, String> env = new LinkedHashMap<>();
            root.path("env").properties().forEach(value -> env.put(value.getKey(), scalar(value)));
            Map<String, SecretSource> secrets = new LinkedHashMap<>();
            root.path("secrets").properties().forEach(secret -> secrets.put(secret.getKey(), secret(secret)));
            return new ProjectFile(string(root, "name"), string(root, "recipe").map(this::recipe), string(root, "node"),
                    string(root, "hub"), string(root, "store"), ports, env, secrets, string(health, "path"),
                    string(health, "timeout"));
        }

        private void known(JsonNode table, Set<String> keys, String prefix) {
            for (String key : table.propertyNames()) {
                if (!keys.contains(key)) {
                    String hint = Nearest.to(key, keys).map(near -> "did you mean " + prefix + near + "?")
                            .orElse("known keys: " + String.join(", ", keys.stream().sorted().toList()));
                    throw new CliException(ExitCode.USAGE, "unknown key " + prefix + key, at(key), hint);
                }
            }
        }

        private Optional<String> string(JsonNode table, String key) {
            JsonNode value = table.path(key);
            if (value.isMissingNode()) {
                return Optional.empty();
            }
            if (!value.isString()) {
                throw wrong(key, "must be a string");
            }
            return Optional.of(value.asString());
        }

        /** A path is relative to this file, as the paths of secrets are. */
        private String recipe(String named) {
            return Recipes.isPath(named) ? folder().resolve(named).normalize().toString() : named;
        }

        private Path folder() {
            return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        }

        private int port(Map.Entry<String, JsonNode> port) {
            int number = port.getValue().isIntegralNumber() ? port.getValue().asInt(-1) : -1;
            if (number < 1 || number > 65535) {
                throw wrong(port.getKey(), "the container port must be a number from 1 to 65535");
            }
            return number;
        }

        private String scalar(Map.Entry<String, JsonNode> value) {
            if (value.getValue().isContainer()) {
                throw wrong(value.getKey(), "must be a string or a number");
            }
            return value.getValue().asString();
        }

        private SecretSource secret(Map.Entry<String, JsonNode> secret) {
            JsonNode source = secret.getValue();
            if (source.isObject() && source.size() == 1) {
                if (source.path("file").isString()) {
                    return new SecretSource.File(folder().resolve(source.path("file").asString()));
                }
                if (source.path("env").isString()) {
                    return new SecretSource.Environment(source.path("env").asString());
                }
            }
            throw wrong(secret.getKey(),
                    "must be { file = \"PATH\" } or { env = \"NAME\" }; a secret is never in this file");
        }

        private CliException wrong(String key, String why) {
            return new CliException(ExitCode.USAGE, "wrong value for " + key, at(key) + ": " + why, "mend the file");
        }

        private String at(String key) {
            Pattern line = Pattern.compile("^\\s*\\[?(?:\\w+\\.)?[\"']?" + Pattern.quote(key) + "[\"']?\\s*[]=.].*");
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (line.matcher(lines.get(i)).matches()) {
                    return file + " line " + (i + 1);
                }
            }
            return file.toString();
        }
    }
}
