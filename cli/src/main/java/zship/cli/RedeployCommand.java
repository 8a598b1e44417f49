package zship.cli;

import java.time.Duration;
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
import zship.cli.config.SecretSource;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.rollout.Deployment;
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

    @Parameters(paramLabel = "NAME", description = "a container's name or number")
    private String name = "";

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            Container current = access.container(name);
            ServiceFacts facts = ServiceFacts.named(current.tag(AppRequest.RECIPE_TAG).orElse(""));
            AppSettings settings = settings(current, facts);
            AppRequest request = new AppRequest(session, settings, facts);
            Map<String, Secret> secrets = secrets(session, current, facts, settings);
            Shipping shipping = new Shipping(session, 1);
            String sha256 = flist.isPresent() ? "" : current.tag(AppRequest.FLIST_TAG).orElse("");
            Deployment deployment = shipping.deploy(access, request.app(flist.orElse(current.source().flist()), sha256,
                    current.source().storage(), secrets));
            request.keep(secrets);
            shipping.finish(deployment, Duration.ofNanos(System.nanoTime() - started));
        }
        return ExitCode.OK;
    }

    /** The settings of the running container, with those of the command line over them. */
    private AppSettings settings(Container current, ServiceFacts facts) {
        Map<String, String> env = new LinkedHashMap<>();
        current.labels().environment().forEach((variable, value) -> {
            if (!facts.secrets().contains(variable)) {
                env.put(variable, value.expose());
            }
        });
        env.putAll(options.env());
        return new AppSettings(current.name(), facts.recipe(), AppSettings.LOCAL, AppSettings.LOCAL, AppSettings.LOCAL,
                current.ports(), env, options.secrets(), Optional.empty(), AppSettings.DEFAULT_HEALTH);
    }

    private static Map<String, Secret> secrets(Session session, Container current, ServiceFacts facts,
            AppSettings settings) {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        current.labels().environment().forEach((variable, value) -> {
            if (facts.secrets().contains(variable)) {
                secrets.put(variable, value);
            }
        });
        settings.env().forEach((variable, value) -> {
            if (facts.secrets().contains(variable)) {
                secrets.put(variable, Secret.of(value));
            }
        });
        for (Map.Entry<String, SecretSource> source : settings.secrets().entrySet()) {
            secrets.put(source.getKey(),
                    source.getValue().read(source.getKey(), session.environment(), session.input()));
        }
        return secrets;
    }
}
