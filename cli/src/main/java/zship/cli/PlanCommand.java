package zship.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.builder.BuildEvent;
import zship.builder.recipe.Recipe;
import zship.builder.step.Build;
import zship.builder.step.BuildSettings;
import zship.builder.step.BuiltRoot;
import zship.cli.config.AppSettings;
import zship.cli.config.Layers;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeConnection;
import zship.cli.peer.Peers;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Plan;
import zship.deployer.rollout.RolloutEvents;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubUrl;

/** {@code zship plan}: what {@code up} would do; the same steps, each stopped before it changes anything. */
@Command(name = "plan", description = "Says what up would do, and why. Exit code 10 when anything would change.")
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private AppOptions options;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the project file")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private BuildOptions build;

    /** One thing that would be done, or is done already. */
    private record Operation(String step, String what, String cause) {

        boolean changes() {
            return !what.equals("keep");
        }

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("step", step);
            fields.put("operation", what);
            fields.put("cause", cause);
            return fields;
        }
    }

    /** Ends a build that is about to do something. */
    private static final class Begins extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Begins(String step, String detail) {
            super(step + ": " + detail, null, false, false);
        }
    }

    @Override
    public Integer call() {
        Session session = root.session();
        Layers layers = build.over(options.layers(session, file));
        Recipe recipe = build.recipe(layers);
        AppSettings settings = AppSettings.of(layers.withDefaults(recipe.name(), recipe.port()));
        Peers.check(session, settings);
        List<Operation> operations = new ArrayList<>();
        boolean complete = look(session, settings, recipe, build.settings(session, layers), operations);
        if (!complete) {
            settings.nodes().forEach(node -> operations.add(new Operation("deploy", "change",
                    node + ": what is deployed follows from the steps before")));
        }
        boolean changes = operations.stream().anyMatch(Operation::changes);
        if (session.output().json()) {
            session.output().result(Map.of("changes", changes, "operations",
                    operations.stream().map(Operation::fields).toList()), "");
        } else {
            session.output().table(List.of("STEP", "OPERATION", "CAUSE"),
                    operations.stream().map(it -> List.of(it.step, it.what, it.cause)).toList());
        }
        return changes ? ExitCode.CHANGES : ExitCode.OK;
    }

    /** Adds the operations in their order; false when one of them decides about the later ones. */
    private boolean look(Session session, AppSettings settings, Recipe recipe, BuildSettings how,
            List<Operation> operations) {
        Optional<BuiltRoot> built = built(recipe, how, operations);
        Optional<Peers> peers = Peers.present(session, settings);
        if (peers.isEmpty()) {
            operations.add(new Operation("node", "start", "the local node is not running"));
        }
        if (built.isEmpty() || peers.isEmpty()) {
            return false;
        }
        Optional<FlistCache.Packed> packed = new FlistCache(session.folders().cache(), session.patience())
                .find(built.get().archiveSha256(), peers.get().store());
        operations.add(packed.isPresent()
                ? new Operation("flist", "keep", packed.get().chunks() + " chunks, all in the store")
                : new Operation("flist", "pack", "the store does not have all chunks of this root"));
        if (packed.isEmpty()) {
            return false;
        }
        Optional<URI> url = published(peers.get(), packed.get(), recipe);
        operations.add(url.isPresent()
                ? new Operation("publish", "keep", url.get().toString())
                : new Operation("publish", "publish", "the hub does not have this flist"));
        if (url.isEmpty()) {
            return false;
        }
        deploy(session, settings, peers.get(), new Flist(url.get(), packed.get().sha256(), recipe), operations);
        return true;
    }

    private record Flist(URI url, String sha256, Recipe recipe) {
    }

    private static Optional<BuiltRoot> built(Recipe recipe, BuildSettings how, List<Operation> operations) {
        try {
            BuiltRoot root = new Build(recipe, how, event -> {
                if (event instanceof BuildEvent.StepStarted started) {
                    throw new Begins(started.step(), started.detail());
                }
            }).run();
            operations.add(new Operation("root", "keep", recipe.name() + " " + recipe.version() + " is built"));
            return Optional.of(root);
        } catch (Begins begins) {
            operations.add(new Operation("root", "build", String.valueOf(begins.getMessage())));
            return Optional.empty();
        }
    }

    private static Optional<URI> published(Peers peers, FlistCache.Packed packed, Recipe recipe) {
        HubUrl hub = HubUrl.of(peers.hub());
        HubClient client = peers.hubClient();
        String user = client.user();
        String name = Shipping.versioned(packed.sha256(), List.of(recipe.name(), recipe.version()));
        return client.repositories().contains(user)
                && client.list(user).stream().anyMatch(entry -> entry.name().equals(name))
                        ? Optional.of(hub.flist(user, name))
                        : Optional.empty();
    }

    private void deploy(Session session, AppSettings settings, Peers peers, Flist flist, List<Operation> operations) {
        AppRequest request = new AppRequest(session, settings, ServiceFacts.of(flist.recipe()));
        AppRequest.Secrets secrets = request.foreseen();
        if (!secrets.generated().isEmpty()) {
            operations.add(new Operation("secrets", "make", String.join(", ", secrets.generated()) + ": set nowhere"));
        }
        NodeConnection connection = options.connection(session, settings);
        Delivery delivery = new Delivery(session, settings, connection);
        for (String name : settings.nodes()) {
            try (NodeAccess node = NodeAccess.open(session, name, connection)) {
                App app = request.app(peers.flistFor(node.client().address(), flist.url()), flist.sha256(),
                        peers.storage(settings, node.client().address()), secrets.values());
                Plan plan = delivery.rollout(node, RolloutEvents.none()).plan(app);
                String leftovers = plan.leftovers().isEmpty()
                        ? ""
                        : "; containers " + plan.leftovers() + " of interrupted runs go";
                operations.add(new Operation("deploy",
                        plan.changes() ? plan.operation().name().toLowerCase(Locale.ROOT) : "keep",
                        name + ": " + plan.cause() + leftovers));
            }
        }
    }
}
