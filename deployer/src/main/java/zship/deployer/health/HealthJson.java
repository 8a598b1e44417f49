package zship.deployer.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import zship.flist.Secret;

/** Health settings as JSON, to be kept. A secret is kept as the name of the variable that has its value. */
public final class HealthJson {

    private HealthJson() {
    }

    /**
     * The settings as fields.
     *
     * @param settings the settings
     * @param secrets the app's secrets by variable; a check with any other secret is left out
     */
    public static Map<String, @Nullable Object> write(HealthSettings settings, Map<String, Secret> secrets) {
        List<Object> checks = new ArrayList<>();
        settings.checks().forEach(check -> check(check, secrets).ifPresent(checks::add));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("checks", checks);
        fields.put("port", settings.containerPort());
        fields.put("services", settings.services());
        fields.put("timeout_ms", settings.timeout().toMillis());
        fields.put("interval_ms", settings.interval().toMillis());
        return fields;
    }

    /**
     * Reads settings.
     *
     * @param json what {@link #write} wrote
     * @param secrets the app's secrets by variable; a check whose secret is missing is left out
     */
    public static HealthSettings read(JsonNode json, Map<String, Secret> secrets) {
        List<HealthCheck> checks = new ArrayList<>();
        json.path("checks").forEach(check -> check(check, secrets).ifPresent(checks::add));
        return new HealthSettings(checks, json.path("port").asInt(0), texts(json.path("services")),
                Duration.ofMillis(json.path("timeout_ms").asLong(30_000)),
                Duration.ofMillis(json.path("interval_ms").asLong(250)));
    }

    private static Optional<Map<String, Object>> check(HealthCheck check, Map<String, Secret> secrets) {
        return switch (check) {
            case HealthCheck.PortOpen port -> Optional.of(Map.of("type", "port"));
            case HealthCheck.Http http -> Optional.of(Map.of("type", "http", "path", http.path(), "status",
                    http.status(), "body", http.body()));
            case HealthCheck.LogLine line -> Optional.of(Map.of("type", "log", "pattern", line.pattern().pattern()));
            case HealthCheck.Exec exec -> Optional.of(Map.of("type", "command", "command", exec.command()));
            case HealthCheck.IcecastStatus status -> Optional.of(Map.of("type", "icecast-status"));
            case HealthCheck.IcecastSource source -> secret("icecast-source", source.sourcePassword(), secrets);
            case HealthCheck.IcecastStream stream -> secret("icecast-stream", stream.sourcePassword(), secrets);
        };
    }

    private static Optional<Map<String, Object>> secret(String type, Secret value, Map<String, Secret> secrets) {
        return secrets.entrySet().stream().filter(e -> e.getValue().equals(value)).findFirst()
                .map(e -> Map.of("type", type, "secret", e.getKey()));
    }

    private static Optional<HealthCheck> check(JsonNode json, Map<String, Secret> secrets) {
        return switch (json.path("type").asString("")) {
            case "port" -> Optional.of(new HealthCheck.PortOpen());
            case "http" -> Optional.of(new HealthCheck.Http(json.path("path").asString("/"),
                    json.path("status").asInt(200), json.path("body").asString("")));
            case "log" -> Optional.of(new HealthCheck.LogLine(Pattern.compile(json.path("pattern").asString(""))));
            case "command" -> Optional.of(new HealthCheck.Exec(texts(json.path("command"))));
            case "icecast-status" -> Optional.of(new HealthCheck.IcecastStatus());
            case "icecast-source" -> Optional.ofNullable(secrets.get(json.path("secret").asString("")))
                    .map(HealthCheck.IcecastSource::new);
            case "icecast-stream" -> Optional.ofNullable(secrets.get(json.path("secret").asString("")))
                    .map(HealthCheck.IcecastStream::new);
            default -> Optional.empty();
        };
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
