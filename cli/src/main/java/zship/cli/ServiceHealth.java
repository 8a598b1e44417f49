package zship.cli;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import zship.cli.config.AppSettings;
import zship.cli.config.Durations;
import zship.cli.config.HealthConfig;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.deployer.health.HealthCheck;
import zship.deployer.health.HealthSettings;
import zship.flist.Secret;

/** When a service counts as healthy: what its recipe knows, and what the settings say. */
final class ServiceHealth {
    static final String SOURCE_PASSWORD = "ICECAST_SOURCE_PASSWORD";

    private static final int OK = 200;

    private final AppSettings settings;
    private final HealthConfig wanted;
    private final ServiceFacts facts;

    ServiceHealth(AppSettings settings, ServiceFacts facts) {
        this.settings = settings;
        this.wanted = settings.health();
        this.facts = facts;
    }

    HealthSettings settings(Map<String, Secret> secrets) {
        HealthSettings none = HealthSettings.none().withServices(facts.services())
                .withTimeout(settings.healthTimeout());
        if (!wanted.enabled().orElse(true)) {
            return none;
        }
        HealthSettings health = inside(network(none, secrets));
        return wanted.interval().map(text -> Durations.parse("health.interval", text)).map(health::withInterval)
                .orElse(health);
    }

    private HealthSettings network(HealthSettings none, Map<String, Secret> secrets) {
        int port = port();
        if (port == 0) {
            return none;
        }
        HealthSettings health = none.withContainerPort(port).withCheck(new HealthCheck.PortOpen());
        if (facts.icecast()) {
            health = health.withCheck(new HealthCheck.IcecastStatus());
        }
        String path = wanted.path().orElse(wanted.status().isPresent() || wanted.body().isPresent()
                ? "/"
                : facts.healthPath());
        if (!path.isEmpty()) {
            health = health.withCheck(new HealthCheck.Http(path, wanted.status().orElse(OK), wanted.body().orElse("")));
        }
        Optional<Secret> password = Optional.ofNullable(secrets.get(SOURCE_PASSWORD)).filter(it -> facts.icecast());
        if (password.isPresent()) {
            health = health.withCheck(new HealthCheck.IcecastSource(password.get()));
            if (wanted.stream().orElse(false)) {
                health = health.withCheck(new HealthCheck.IcecastStream(password.get()));
            }
        }
        return health;
    }

    private HealthSettings inside(HealthSettings network) {
        HealthSettings health = network;
        if (wanted.log().isPresent()) {
            health = health.withCheck(new HealthCheck.LogLine(pattern(wanted.log().get())));
        }
        return wanted.command().isEmpty() ? health : health.withCheck(new HealthCheck.Exec(wanted.command()));
    }

    private int port() {
        return wanted.port()
                .or(() -> settings.ports().values().stream().filter(facts.ports()::contains).findFirst())
                .or(() -> settings.ports().values().stream().sorted().findFirst())
                .or(() -> settings.container().hostNetwork().orElse(false)
                        ? facts.ports().stream().findFirst()
                        : Optional.empty())
                .orElse(0);
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new CliException(ExitCode.USAGE, "cannot use the log line " + text,
                    "it is not a regular expression: " + e.getDescription(), "write it as in Java, such as '^ready'");
        }
    }
}
