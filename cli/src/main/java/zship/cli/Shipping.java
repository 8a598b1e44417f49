package zship.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.recipe.Recipe;
import zship.builder.step.Build;
import zship.builder.step.BuildSettings;
import zship.builder.step.BuiltRoot;
import zship.cli.peer.Peers;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.hub.ChunkSupply;
import zship.flist.hub.HubProgress;
import zship.flist.hub.HubPublisher;
import zship.flist.hub.PublishedFlist;

/** The main job as numbered steps: root, flist, publish, deploy; each reports one line. */
final class Shipping {
    private final Session session;
    private final Output output;
    private final int steps;
    private int step;
    private volatile String left = "the steps that were done are kept";

    /**
     * Creates a run.
     *
     * @param session what to work with
     * @param steps how many steps it will have
     */
    Shipping(Session session, int steps) {
        this.session = session;
        this.output = session.output();
        this.steps = steps;
    }

    /** Builds the root, or finds it built. */
    BuiltRoot root(Recipe recipe, BuildSettings settings) {
        return run("root", line -> {
            BuiltRoot root = new Build(recipe, settings, event -> building(line::doing, event)).run();
            done(line, recipe, root);
            return root;
        });
    }

    /** Does the steps of a build that the settings ask for; empty when they end before the archive. */
    Optional<BuiltRoot> steps(Recipe recipe, BuildSettings settings, BuildEvents report) {
        return run("root", line -> {
            Optional<BuiltRoot> root = new Build(recipe, settings, event -> {
                building(line::doing, event);
                report.on(event);
            }).runSteps();
            root.ifPresentOrElse(built -> done(line, recipe, built),
                    () -> line.done(
                            recipe.name() + " " + recipe.version() + " until " + settings.until().orElse("the end"),
                            Map.of()));
            return root;
        });
    }

    private static void done(Output.Step line, Recipe recipe, BuiltRoot root) {
        line.done("%s %s %s, %d files, %s%s".formatted(recipe.name(), recipe.version(), recipe.variant().name(),
                root.files(),
                Sizes.bytes(root.bytes()), root.cached() ? " (unchanged)" : ""), fields(root));
    }

    static Map<String, Object> fields(BuiltRoot root) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("archive", root.archive().toString());
        fields.put("bill", root.bill().toString());
        fields.put("sha256", root.archiveSha256());
        fields.put("bytes", root.bytes());
        fields.put("files", root.files());
        fields.put("cached", root.cached());
        return fields;
    }

    /** Tells of a build that has no numbered line which it could change: what begins is a line of its own. */
    static BuildEvents notes(Session session) {
        Shipping shipping = new Shipping(session, 0);
        return event -> shipping.building(session.output()::note, event);
    }

    private void building(Consumer<String> doing, BuildEvent event) {
        switch (event) {
            case BuildEvent.StepStarted started -> doing.accept(started.step() + " " + started.detail());
            case BuildEvent.StepFinished finished -> output.event("build", Map.of("step", finished.step(), "detail",
                    finished.detail(), "seconds", finished.took().toMillis() / 1000.0, "cached", finished.cached()));
            case BuildEvent.ComponentBuilt built -> output.event("component", Map.of("name", built.name(), "version",
                    built.version(), "seconds", built.took().toMillis() / 1000.0));
            case BuildEvent.PackagesInstalled installed ->
                output.event("packages", Map.of("installed", installed.names()));
            case BuildEvent.Fetched fetched ->
                output.event("fetched", Map.of("url", fetched.url(), "bytes", fetched.bytes()));
            case BuildEvent.SourceUnavailable place ->
                output.event("unavailable", Map.of("url", place.url(), "reason", place.reason()));
            case BuildEvent.WaitingForLock waiting ->
                output.note("waiting for another build, process %d, which holds %s".formatted(waiting.holder(),
                        waiting.lock()));
            case BuildEvent.SourceUndated undated ->
                output.note("%s has no dates: what is built gets the date %s; set SOURCE_DATE_EPOCH to give it another"
                        .formatted(undated.archive(), undated.date().toString().substring(0, 10)));
            case BuildEvent.RootTested tested -> output.event("tested", Map.of("port", tested.port(), "path",
                    tested.path(), "seconds", tested.took().toMillis() / 1000.0, "secrets", tested.secrets()));
            case BuildEvent.LibrariesFound found -> output.event("libraries", Map.of("libraries", found.libraries()));
        }
    }

    /** Packs the archive into an flist and the store, or finds it packed. */
    FlistCache.Packed flist(Path archive, String archiveSha256, FlistCache.Target target) {
        return run("flist", line -> {
            FlistCache.Packed packed = new FlistCache(session.folders().cache(), session.patience())
                    .pack(archive, archiveSha256, target, (read, sent) -> line
                            .doing("%s read, %s sent".formatted(Sizes.bytes(read), Sizes.bytes(sent))));
            String detail = packed.cached()
                    ? "%d chunks, all in the store".formatted(packed.chunks())
                    : "%d chunks, %d new, %s sent".formatted(packed.chunks(), packed.sentChunks(),
                            Sizes.bytes(packed.sentBytes()));
            line.done(detail, packed.fields());
            return packed;
        });
    }

    /** Publishes the flist on a hub; chunks that it lacks are sent once more. */
    PublishedFlist publish(FlistCache.Packed packed, Peers peers, List<String> nameAndVersion, ChunkSupply chunks) {
        return run("publish", line -> {
            String versioned = versioned(packed.sha256(), nameAndVersion);
            PublishedFlist published = publish(packed.file(), peers, versioned, nameAndVersion.getFirst() + ".flist",
                    chunks);
            line.done(published.url().toString(),
                    Map.of("url", published.url().toString(), "sha256", published.sha256()));
            return published;
        });
    }

    /** Publishes an flist under a name that holds its digest, then moves the plain name to it. */
    static PublishedFlist publish(Path flist, Peers peers, String versioned, String link, ChunkSupply chunks) {
        return new HubPublisher(peers.hubClient(), chunks, HubProgress.none()).publish(flist, versioned, link);
    }

    /** The name of an flist on a hub, which says what is in it. */
    static String versioned(String sha256, List<String> nameAndVersion) {
        return "%s-%s.flist".formatted(String.join("-", nameAndVersion), sha256.substring(0, 8));
    }

    /** Says what an interruption would leave from now on. */
    void leaves(String what) {
        left = what;
    }

    /** Tells programs something. */
    void event(String name, Map<String, ?> fields) {
        output.event(name, fields);
    }

    /** Work that ends its own line. */
    interface Work<T> {
        T run(Output.Step line);
    }

    /** Does the next step, and says what is left when it is interrupted. */
    <T> T run(String name, Work<T> work) {
        step++;
        Output.Step line = output.step(step, steps, name);
        line.doing("");
        try (Interruption watched = Interruption.during(output, name, () -> left)) {
            return work.run(line);
        } catch (RuntimeException e) {
            line.failed();
            throw e;
        }
    }
}
