package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import zship.builder.BuildEvent;
import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition.Component;

/**
 * The components of a variant, each built from source once for the same source, script, packages, flags and needed
 * components, whatever the recipe or the profile. Results are in {@code components} of the cache, by the digest of these.
 */
final class Components {

    private static final String INSTALLED = "installed";
    private static final String ROOT = "root";

    private final StepContext build;
    private final Workspace workspace;
    private final Map<String, String> keys = new HashMap<>();

    Components(StepContext build) throws IOException {
        this.build = build;
        this.workspace = new Workspace(build.settings().cacheDirectory().resolve("components"));
        for (Component component : build.variant().components()) {
            keys.put(component.name(), key(component));
        }
    }

    /** Returns the names and digests of all components, as an input of what is linked with them. */
    String inputs() {
        return build.variant().components().stream().map(component -> keys.get(component.name()) + "\n").sorted()
                .reduce("", String::concat);
    }

    /** Returns the components that have not been built yet. */
    List<Component> missing() throws IOException {
        List<Component> missing = new ArrayList<>();
        for (Component component : build.variant().components()) {
            if (!isBuilt(component)) {
                missing.add(component);
            }
        }
        return missing;
    }

    private boolean isBuilt(Component component) throws IOException {
        String key = keys.getOrDefault(component.name(), "");
        return workspace.stamp(key).filter(key::equals).isPresent();
    }

    /** Builds those components that have not been built yet, and tells the listener of each. */
    void buildMissing() throws IOException {
        workspace.removeRemains();
        for (Component component : missing()) {
            long begin = System.nanoTime();
            String key = keys.getOrDefault(component.name(), "");
            build.events().on(new BuildEvent.StepStarted(Compile.NAME,
                    "building %s %s".formatted(component.name(), component.version())));
            workspace.beginLog(key);
            workspace.replace(key, key, output -> fill(component, output, workspace.log(key)));
            build.events().on(new BuildEvent.ComponentBuilt(component.name(), component.version(),
                    Duration.ofNanos(System.nanoTime() - begin)));
        }
    }

    /** Puts what the components installed where the programs of {@code place} look for it. */
    void install(WorkPlace place) throws IOException {
        for (Component component : build.variant().components()) {
            install(component.name(), place);
        }
    }

    private void install(String component, WorkPlace place) throws IOException {
        Trees.copy(workspace.folder(keys.getOrDefault(component, "")).resolve(INSTALLED),
                place.path(WorkPlace.DEPS));
    }

    /** Adds what the components have for the finished root to {@code tree}. */
    void addToRoot(Path tree) throws IOException {
        for (Component component : build.variant().components()) {
            Trees.copy(workspace.folder(keys.getOrDefault(component.name(), "")).resolve(ROOT), tree);
        }
    }

    private void fill(Component component, Path output, Path log) throws IOException {
        Path folder = workspace.temporary("work");
        try {
            WorkPlace place = WorkPlace.in(build, folder, log);
            for (String needed : chosenNeeds(component)) {
                install(needed, place);
            }
            if (component.source().isPresent()) {
                String archive = component.source().get().archive();
                Files.copy(build.downloads().resolve(archive), place.path(archive));
                place.handOver();
                place.run(Map.of(), List.of("tar", "--extract", "--strip-components=1", "--no-same-owner",
                        "--file=" + place.seen(archive)));
            } else {
                place.handOver();
            }
            place.date(date(component, place.path(WorkPlace.SOURCE)));
            place.run(build.variant().profile().environment(), List.of("sh", "-euc", component.script()));
            keep(place, output);
        } finally {
            Trees.delete(folder);
        }
    }

    /** Returns the date that a component's programs are to write; without a source there is nothing to be said about it. */
    private Instant date(Component component, Path source) throws IOException {
        Optional<Instant> given = build.givenTime();
        if (given.isPresent()) {
            return given.get();
        }
        Instant newest = ReleaseDate.newest(source);
        if (component.source().isPresent() && ReleaseDate.isNone(newest)) {
            build.events().on(new BuildEvent.SourceUndated(component.source().get().archive(), ReleaseDate.UNDATED));
        }
        return ReleaseDate.of(newest);
    }

    private static void keep(WorkPlace place, Path output) throws IOException {
        Path installed = Files.createDirectory(output.resolve(INSTALLED));
        if (Files.isDirectory(place.installed())) {
            Trees.copy(place.installed(), installed);
        }
        // Archives of libtool name the folder that they were installed to, and mislead it elsewhere.
        try (Stream<Path> files = Files.walk(installed)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".la")).toList()) {
                Files.delete(file);
            }
        }
        Trees.copy(place.rootParts(), Files.createDirectory(output.resolve(ROOT)));
    }

    private String key(Component component) throws IOException {
        StringBuilder inputs = new StringBuilder("1\n").append(component).append('\n');
        inputs.append(build.workspace().stampOf(EarlyStage.NAME)).append('\n');
        inputs.append(build.variant().profile().environment()).append('\n');
        inputs.append(build.givenTime().map(Instant::toString).orElse("release")).append('\n');
        for (String needed : chosenNeeds(component)) {
            inputs.append(keys.get(needed)).append('\n');
        }
        return "%s-%s-%s".formatted(component.name(), component.version(),
                Sha256.ofText(inputs.toString()).hex().substring(0, 16));
    }

    private List<String> chosenNeeds(Component component) {
        return build.variant().components().stream().map(Component::name).filter(component.needs()::contains).toList();
    }
}
