package zship.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvents;
import zship.flist.Secret;

/** {@code zship redeploy NAME}: the same container with other settings, without a gap in service. */
@Command(name = "redeploy", description = "Replaces a container by one with other settings; on failure the old one stays.")
final class RedeployCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Mixin
    private EnvOptions options;

    @Option(names = "--flist", paramLabel = "URL", description = "another flist")
    private Optional<String> flist = Optional.empty();

    @Mixin
    private RolloutOptions rollout;

    @Parameters(paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Session session = root.session();
        AppSettings settings = node.settings(session, rollout.config());
        Map<String, Secret> given = new LinkedHashMap<>();
        options.secrets().forEach((secret, source) -> given.put(secret,
                source.read(secret, session.environment(), session.input())));
        Delivery delivery = new Delivery(session, settings, node.connection(session, settings));
        return delivery.to(new Shipping(session, 1), access -> changed(delivery, access, given), () -> {
        }, started);
    }

    /** What runs now, with what the command line says over it. */
    private App changed(Delivery delivery, NodeAccess access, Map<String, Secret> given) {
        Container current = access.container(name);
        ServiceFacts facts = ServiceFacts.named(current.tag(AppRequest.RECIPE_TAG).orElse(""));
        Rollout running = delivery.rollout(access, RolloutEvents.none());
        App known = running.running(current, Map.of(), variable -> hidden(facts, variable));
        Map<String, Secret> secrets = new LinkedHashMap<>(given);
        Map<String, String> plain = new LinkedHashMap<>();
        options.env().forEach((variable, value) -> {
            if (known.spec().environment().secrets().containsKey(variable) || facts.secrets().contains(variable)) {
                secrets.putIfAbsent(variable, Secret.of(value));
            } else {
                plain.put(variable, value);
            }
        });
        App app = running.running(current, secrets, variable -> hidden(facts, variable));
        ContainerSpec spec = app.spec();
        for (Map.Entry<String, String> variable : plain.entrySet()) {
            spec = spec.withEnv(new EnvVar(variable.getKey(), variable.getValue()));
        }
        for (Map.Entry<String, Secret> secret : secrets.entrySet()) {
            spec = spec.withoutEnv(secret.getKey()).withSecret(secret.getKey(), secret.getValue());
        }
        App next = checked(app.withSpec(spec), facts);
        return flist.map(url -> AppRequest.withFlist(next, url)).orElse(next);
    }

    /** A container that is in no history is checked as its recipe, if it is known, says. */
    private static App checked(App app, ServiceFacts facts) {
        if (!app.health().checks().isEmpty() || !app.health().services().isEmpty() || facts.ports().isEmpty()) {
            return app;
        }
        Map<String, Integer> ports = new LinkedHashMap<>();
        app.spec().network().ports().forEach(port -> ports.put(port.host().toString(), port.container()));
        return app.withHealth(new ServiceHealth(AppSettings.onLocal(app.name().value(), ports), facts)
                .settings(app.spec().secrets()));
    }

    private static boolean hidden(ServiceFacts facts, String variable) {
        return facts.secrets().contains(variable) || variable.matches("(?i).*(PASSWORD|SECRET|TOKEN|_KEY).*");
    }
}
