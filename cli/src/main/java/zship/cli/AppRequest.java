package zship.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import zship.cli.config.AppSettings;
import zship.cli.config.SecretStore;
import zship.cli.session.Session;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.container.HostPort;
import zship.deployer.container.PortMapping;
import zship.deployer.health.HealthCheck;
import zship.deployer.health.HealthSettings;
import zship.deployer.rollout.App;
import zship.flist.Secret;

/** Turns settings and secrets into the application that is deployed. */
final class AppRequest {
    /** Tag that names the recipe a container was made of. */
    static final String RECIPE_TAG = "zship.recipe";
    /** Tag that holds the SHA-256 of a container's flist. */
    static final String FLIST_TAG = "zship.flist";

    private static final String SOURCE_PASSWORD = "ICECAST_SOURCE_PASSWORD";

    private final Session session;
    private final AppSettings settings;
    private final ServiceFacts facts;
    private final SecretStore store;

    AppRequest(Session session, AppSettings settings, ServiceFacts facts) {
        this.session = session;
        this.settings = settings;
        this.facts = facts;
        this.store = session.secrets(settings.name());
    }

    /**
     * The secrets in force.
     *
     * @param values every secret by its variable
     * @param generated the names of those that were made just now
     */
    record Secrets(Map<String, Secret> values, List<String> generated) {
    }

    /**
     * Finds each secret: where the settings say, else as given in the environment of the container, else as kept from
     * before, else a required one is made now.
     */
    Secrets secrets() {
        Map<String, Secret> values = new LinkedHashMap<>();
        settings.secrets()
                .forEach((name, source) -> values.put(name, source.read(name, session.environment(), session.input())));
        settings.env().forEach((name, value) -> {
            if (facts.secrets().contains(name)) {
                values.put(name, Secret.of(value));
            }
        });
        List<String> generated = facts.secrets().stream().filter(name -> !values.containsKey(name))
                .filter(name -> store.find(name).isEmpty()).toList();
        for (String name : facts.secrets()) {
            if (!values.containsKey(name)) {
                values.put(name, store.find(name).orElseGet(() -> store.generate(name)));
            }
        }
        return new Secrets(values, generated);
    }

    /** Keeps the secrets that are in force now, for the next deployment. */
    void keep(Map<String, Secret> secrets) {
        secrets.forEach((name, secret) -> {
            if (!store.find(name).equals(Optional.of(secret))) {
                store.keep(name, secret);
            }
        });
    }

    /** The application with its flist. */
    App app(String flistUrl, String flistSha256, String storeUrl, Map<String, Secret> secrets) {
        Set<String> hidden = secrets.keySet();
        ContainerSpec spec = ContainerSpec.of(flistUrl).withName(ContainerName.of(settings.name()))
                .withStorage(storeUrl)
                .withTags(tags(flistSha256));
        for (Map.Entry<String, String> variable : settings.env().entrySet()) {
            if (!hidden.contains(variable.getKey())) {
                spec = spec.withEnv(new EnvVar(variable.getKey(), variable.getValue()));
            }
        }
        for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
            spec = spec.withSecret(secret.getKey(), secret.getValue());
        }
        for (Map.Entry<String, Integer> port : settings.ports().entrySet()) {
            spec = spec.withPort(new PortMapping(HostPort.of(port.getKey()), port.getValue()));
        }
        return new App(spec, flistSha256, health(secrets));
    }

    private List<String> tags(String flistSha256) {
        List<String> tags = new ArrayList<>();
        if (!facts.recipe().isEmpty()) {
            tags.add(RECIPE_TAG + "=" + facts.recipe());
        }
        if (!flistSha256.isEmpty()) {
            tags.add(FLIST_TAG + "=" + flistSha256);
        }
        return tags;
    }

    private HealthSettings health(Map<String, Secret> secrets) {
        int port = settings.ports().values().stream().filter(facts.ports()::contains).findFirst()
                .or(() -> settings.ports().values().stream().findFirst()).orElse(0);
        HealthSettings health = HealthSettings.port(port).withServices(facts.services());
        String path = settings.healthPath().orElse(facts.healthPath());
        if (facts.icecast()) {
            health = health.withCheck(new HealthCheck.IcecastStatus());
        }
        if (!path.isEmpty()) {
            health = health.withCheck(new HealthCheck.Http(path, 200));
        }
        if (facts.icecast() && secrets.containsKey(SOURCE_PASSWORD)) {
            health = health.withCheck(new HealthCheck.IcecastSource(secrets.get(SOURCE_PASSWORD)));
        }
        return health.withTimeout(settings.healthTimeout());
    }
}
