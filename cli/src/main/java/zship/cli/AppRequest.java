package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import zship.cli.config.AppSettings;
import zship.cli.config.ContainerConfig;
import zship.cli.config.SecretStore;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SmallFile;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.container.HostPort;
import zship.deployer.container.Mount;
import zship.deployer.container.Nic;
import zship.deployer.container.PortMapping;
import zship.deployer.rollout.App;
import zship.flist.Secret;

/** Turns settings and secrets into the application that is deployed. */
final class AppRequest {
    /** Tag that names the recipe a container was made of. */
    static final String RECIPE_TAG = "zship.recipe";
    /** Tag that holds the SHA-256 of a container's flist. */
    static final String FLIST_TAG = "zship.flist";

    private static final int LARGEST_FILE = 1 << 20;

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
        return secrets(store::generate);
    }

    /** The same without making any: one that would be made has a value that stands for it. */
    Secrets foreseen() {
        return secrets(name -> Secret.of("to be made"));
    }

    private Secrets secrets(Function<String, Secret> maker) {
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
                values.put(name, store.find(name).orElseGet(() -> maker.apply(name)));
            }
        }
        settings.container().identity().ifPresent(source -> values.put(ContainerSpec.IDENTITY,
                Secret.of(
                        source.read(ContainerSpec.IDENTITY, session.environment(), session.input()).expose().strip())));
        return new Secrets(values, generated);
    }

    /** The application with its flist. */
    App app(String flistUrl, String flistSha256, String storeUrl, Map<String, Secret> secrets) {
        Set<String> hidden = secrets.keySet();
        ContainerConfig config = settings.container();
        ContainerSpec spec = ContainerSpec.of(flistUrl).withName(ContainerName.of(settings.name()))
                .withStorage(config.storage().orElse(storeUrl)).withTags(tags(flistSha256))
                .withPrivileged(config.privileged().orElse(false));
        spec = placed(spec, config);
        for (Map.Entry<String, String> variable : settings.env().entrySet()) {
            if (!hidden.contains(variable.getKey())) {
                spec = spec.withEnv(new EnvVar(variable.getKey(), variable.getValue()));
            }
        }
        for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
            spec = secret.getKey().equals(ContainerSpec.IDENTITY)
                    ? spec.withIdentity(secret.getValue())
                    : spec.withSecret(secret.getKey(), secret.getValue());
        }
        for (Map.Entry<String, Integer> port : settings.ports().entrySet()) {
            spec = spec.withPort(new PortMapping(HostPort.of(port.getKey()), port.getValue()));
        }
        return new App(spec, flistSha256, new ServiceHealth(settings, facts).settings(secrets));
    }

    /** The spec with what the configuration says about its surroundings. */
    private static ContainerSpec placed(ContainerSpec plain, ContainerConfig config) {
        List<Nic> nics = config.nics().isEmpty() ? plain.network().nics() : config.nics();
        ContainerSpec spec = plain
                .withNetwork(new ContainerSpec.Network(nics, List.of(), config.hostname(),
                        config.hostNetwork().orElse(false), Optional.empty()))
                .withIsolation(new ContainerSpec.Isolation(plain.isolation().privileged(), config.cgroups()));
        for (Mount mount : config.mounts()) {
            spec = spec.withMount(mount);
        }
        for (Map.Entry<String, Path> file : new TreeMap<>(config.files()).entrySet()) {
            spec = spec.withFile(file.getKey(), content(file.getValue()));
        }
        return spec;
    }

    private static String content(Path file) {
        try {
            return SmallFile.readText(file, LARGEST_FILE)
                    .orElseThrow(() -> new CliException(ExitCode.USAGE,
                            "cannot use " + file + " as a file of the container", "it is larger than 1 MiB",
                            "put it into the flist: zship flist put"));
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot use " + file + " as a file of the container",
                    Files.exists(file) ? "it is not UTF-8 text or may not be read" : "there is no such file",
                    "name an existing text file");
        }
    }

    /** An application made from another flist, whose digest is not known. */
    static App withFlist(App app, String url) {
        List<String> tags = app.spec().tags().stream().filter(tag -> !tag.startsWith(FLIST_TAG + "=")).toList();
        return app.withFlist(url, "").withSpec(app.withFlist(url, "").spec().withTags(tags));
    }

    private List<String> tags(String flistSha256) {
        List<String> tags = new ArrayList<>(settings.container().tags());
        if (!facts.recipe().isEmpty()) {
            tags.add(RECIPE_TAG + "=" + facts.recipe());
        }
        if (!flistSha256.isEmpty()) {
            tags.add(FLIST_TAG + "=" + flistSha256);
        }
        return tags;
    }
}
