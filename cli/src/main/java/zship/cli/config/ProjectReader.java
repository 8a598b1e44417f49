package zship.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

import zship.builder.recipe.Recipes;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.deployer.InvalidValueException;
import zship.deployer.container.ContainerSpec.Cgroup;
import zship.deployer.container.Mount;
import zship.deployer.container.Nic;

/**
 * Reads the tables of a project file; every fault names its line.
 *
 * @param file the file, for messages and for paths beside it
 * @param text its text
 */
record ProjectReader(Path file, String text) {

    private static final Set<String> KEYS = Set.of("name", "recipe", "profile", "features", "sh", "ca_bundle", "node",
            "hub", "store", "storage", "hostname",
            "privileged", "host_network", "identity", "nics", "tags", "cgroups", "ports", "env", "secrets", "mounts",
            "files", "health", "rollout");
    private static final Set<String> BUILD_KEYS = Set.of("profile", "features", "sh", "ca_bundle");
    private static final Set<String> HEALTH_KEYS = Set.of("enabled", "port", "path", "status", "body", "log", "command",
            "stream", "timeout", "interval");
    private static final Set<String> ROLLOUT_KEYS = Set.of("token", "parallel", "drain");

    ProjectFile project(JsonNode root) {
        known(root, KEYS, "");
        Map<String, Integer> ports = new LinkedHashMap<>();
        root.path("ports").properties().forEach(port -> ports.put(port.getKey(), port(port)));
        Map<String, String> env = new LinkedHashMap<>();
        root.path("env").properties().forEach(value -> env.put(value.getKey(), scalar(value)));
        Map<String, SecretSource> secrets = new LinkedHashMap<>();
        root.path("secrets").properties()
                .forEach(secret -> secrets.put(secret.getKey(), secret(secret.getKey(), secret.getValue())));
        List<String> nodes = root.path("node").isString()
                ? List.of(root.path("node").asString())
                : strings(root, "node");
        return new ProjectFile(string(root, "name"), string(root, "recipe").map(this::recipe), nodes,
                string(root, "hub"),
                string(root, "store"), ports, env, secrets, container(root), health(root.path("health")),
                rollout(root.path("rollout")), build(root));
    }

    private ContainerConfig container(JsonNode root) {
        List<Mount> mounts = new ArrayList<>();
        root.path("mounts").properties().forEach(mount -> mounts.add(value(mount.getKey(),
                source -> new Mount(source, scalar(mount)))));
        Map<String, Path> files = new LinkedHashMap<>();
        root.path("files").properties()
                .forEach(entry -> files.put(entry.getKey(), folder().resolve(scalar(entry))));
        List<Nic> nics = strings(root, "nics").stream().map(nic -> value("nics", key -> Nic.of(nic))).toList();
        List<Cgroup> cgroups = strings(root, "cgroups").stream()
                .map(group -> value("cgroups", key -> Cgroup.of(group))).toList();
        Optional<SecretSource> identity = root.path("identity").isMissingNode()
                ? Optional.empty()
                : Optional.of(secret("identity", root.path("identity")));
        return new ContainerConfig(string(root, "storage"), string(root, "hostname"), bool(root, "privileged"),
                bool(root, "host_network"), identity, nics, mounts, files, strings(root, "tags"), cgroups);
    }

    private HealthConfig health(JsonNode table) {
        known(table, HEALTH_KEYS, "health.");
        return new HealthConfig(bool(table, "enabled"), number(table, "port"), string(table, "path"),
                number(table, "status"), string(table, "body"), string(table, "log"), strings(table, "command"),
                bool(table, "stream"), string(table, "timeout"), string(table, "interval"));
    }

    private RolloutConfig rollout(JsonNode table) {
        known(table, ROLLOUT_KEYS, "rollout.");
        Optional<SecretSource> token = table.path("token").isMissingNode()
                ? Optional.empty()
                : Optional.of(secret("token", table.path("token")));
        return new RolloutConfig(token, number(table, "parallel"), string(table, "drain"));
    }

    private BuildConfig build(JsonNode root) {
        Optional<String> features = root.path("features").isString()
                ? string(root, "features")
                : Optional.of(strings(root, "features")).filter(names -> root.has("features"))
                        .map(names -> names.isEmpty() ? BuildConfig.NONE : String.join(",", names));
        Map<String, String> places = new LinkedHashMap<>();
        BUILD_KEYS.stream().filter(root::has).forEach(key -> places.put(key, at(key)));
        return new BuildConfig(string(root, "profile"), features, string(root, "sh"),
                string(root, "ca_bundle").map(named -> named.equals(BuildConfig.NONE)
                        ? named
                        : folder().resolve(named).normalize().toString()),
                places);
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

    private List<String> strings(JsonNode table, String key) {
        JsonNode value = table.path(key);
        List<String> texts = new ArrayList<>();
        value.forEach(item -> {
            if (!item.isString()) {
                throw wrong(key, "must be a list of strings");
            }
            texts.add(item.asString());
        });
        if (!value.isMissingNode() && !value.isArray()) {
            throw wrong(key, "must be a list of strings");
        }
        return texts;
    }

    private Optional<Boolean> bool(JsonNode table, String key) {
        JsonNode value = table.path(key);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw wrong(key, "must be true or false");
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asBoolean());
    }

    private Optional<Integer> number(JsonNode table, String key) {
        JsonNode value = table.path(key);
        if (!value.isMissingNode() && (!value.isIntegralNumber() || value.asInt(-1) < 1)) {
            throw wrong(key, "must be a number from 1");
        }
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asInt());
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

    /** A value of the domain; its own fault is told with the line it stands in. */
    private <T> T value(String key, Function<String, T> parse) {
        try {
            return parse.apply(key);
        } catch (InvalidValueException e) {
            throw new CliException(ExitCode.USAGE, "wrong value for " + key, at(key) + ": " + e.what() + ": " + e.why(),
                    e.hint());
        }
    }

    private SecretSource secret(String key, JsonNode source) {
        if (source.isObject() && source.size() == 1) {
            if (source.path("file").isString()) {
                return new SecretSource.File(folder().resolve(source.path("file").asString()));
            }
            if (source.path("env").isString()) {
                return new SecretSource.Environment(source.path("env").asString());
            }
        }
        throw wrong(key, "must be { file = \"PATH\" } or { env = \"NAME\" }; a secret is never in this file");
    }

    /** A path is relative to this file, as the paths of secrets are. */
    private String recipe(String named) {
        return Recipes.isPath(named) ? folder().resolve(named).normalize().toString() : named;
    }

    private Path folder() {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
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
