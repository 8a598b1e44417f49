package zship.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.builder.recipe.Recipe;
import zship.builder.step.BuiltRoot;
import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.doctor.Doctor;
import zship.cli.failure.ExitCode;
import zship.cli.peer.Peers;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.hub.PublishedFlist;

/** {@code zship up}: builds, packs, publishes, deploys and verifies; does only what is not done yet. */
@Command(name = "up", description = "Builds, packs, publishes, deploys and verifies. Without FILE: ./zship.toml, else the "
        + "built-in icecast on the local node.")
final class UpCommand implements Callable<Integer> {
    private static final int STEPS = 4;

    @ParentCommand
    private SessionSource root;

    @Mixin
    private AppOptions options;

    @Mixin
    private BuildOptions build;

    @Option(names = "--repack", description = "send every chunk again, which heals altered ones")
    private boolean repack;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the project file")
    private Optional<Path> file = Optional.empty();

    @Override
    public Integer call() {
        Session session = root.session();
        try {
            return up(session);
        } catch (RuntimeException e) {
            if (Failures.of(e, session.folders()).code() == ExitCode.PREREQUISITE) {
                new Doctor(session, () -> options.layers(session, file)).explainFailure();
            }
            throw e;
        }
    }

    private int up(Session session) {
        long started = System.nanoTime();
        Layers layers = build.over(options.layers(session, file));
        Recipe recipe = build.recipe(layers);
        AppSettings settings = AppSettings.of(layers.withDefaults(recipe.name(), recipe.port()));
        Peers.check(session, settings);
        Shipping shipping = new Shipping(session, STEPS);
        BuiltRoot built = shipping.root(recipe, build.settings(session, layers));
        Peers peers = Peers.of(session, settings);
        FlistCache.Packed packed = shipping.flist(built.archive(), built.archiveSha256(),
                new FlistCache.Target(peers.store(), repack));
        PublishedFlist published = shipping.publish(packed, peers, List.of(recipe.name(), recipe.version()),
                new FlistCache(session.folders().cache(), session.patience()).supply(built.archive(),
                        built.archiveSha256(),
                        peers.store()));
        AppRequest request = new AppRequest(session, settings, ServiceFacts.of(recipe));
        AppRequest.Secrets secrets = request.secrets();
        return new Delivery(session, settings, options.connection(session, settings)).to(shipping,
                node -> request.app(peers.flistFor(node.client().address(), published.url()), packed.sha256(),
                        peers.storage(settings, node.client().address()), secrets.values()),
                () -> tell(session, settings, secrets.generated()), started);
    }

    private static void tell(Session session, AppSettings settings, List<String> generated) {
        if (!generated.isEmpty()) {
            Path folder = session.secrets(settings.name()).folder();
            if (session.output().json()) {
                session.output().event("secrets", Map.of("generated", generated, "folder", folder.toString()));
            } else {
                session.output().note(
                        " passwords: made " + String.join(" and ", generated) + ", kept in " + session.shown(folder));
            }
        }
    }
}
