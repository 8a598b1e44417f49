package zship.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.config.SecretSource;
import zship.cli.config.SecretStore;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.ContainerName;
import zship.deployer.rollout.History;
import zship.deployer.rollout.RolloutEvents;
import zship.flist.Secret;

/** {@code zship rollback NAME [N]}: what was deployed before, without a gap in service; secrets stay as they are now. */
@Command(name = "rollback", description = "Returns to what was deployed before; on failure the current one stays.")
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Option(names = "--secret", paramLabel = "NAME=SOURCE", description = "take a secret from file:PATH, env:VARIABLE or stdin instead of keeping the present one")
    private Map<String, String> secrets = new LinkedHashMap<>();

    @Mixin
    private RolloutOptions rollout;

    @Parameters(index = "0", paramLabel = "NAME", description = "the name of an app, such as icecast2")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NUMBER", defaultValue = "0", description = "a number of zship history (default: the last good one that was different)")
    private int number;

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Session session = root.session();
        String app = ContainerName.of(name).value();
        AppSettings settings = node.settings(session, rollout.config());
        Map<String, Secret> given = new LinkedHashMap<>();
        secrets.forEach((secret, source) -> given.put(secret,
                SecretSource.of(source).read(secret, session.environment(), session.input())));
        Delivery delivery = new Delivery(session, settings, node.connection(session, settings));
        return delivery.to(new Shipping(session, 1), access -> delivery.rollout(access, RolloutEvents.none())
                .earlier(app, number == 0 ? OptionalInt.empty() : OptionalInt.of(number),
                        values(session, access, app, given)),
                () -> {
                }, started);
    }

    /** The secrets named on the command line, and for the others those in force. */
    private static Map<String, Secret> values(Session session, NodeAccess access, String app,
            Map<String, Secret> given) {
        SecretStore store = session.secrets(app);
        Map<String, Secret> values = new LinkedHashMap<>();
        History.of(session.folders().state(), access.client().address(), app).entries().stream()
                .flatMap(entry -> entry.secretNames().stream()).distinct()
                .forEach(secret -> store.find(secret).ifPresent(value -> values.put(secret, value)));
        values.putAll(given);
        return values;
    }
}
