package zship.builder.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.BuildException;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.Recipes;

/**
 * A build of one recipe: nine named steps, of which those with unchanged inputs are skipped. Builds that share a cache
 * run one after the other. A build may be killed at any time; the next one goes on where it was.
 */
public final class Build {

    private final Recipe recipe;
    private final BuildSettings settings;
    private final BuildEvents events;
    private final Host host;

    /** Where the build's programs and apt's settings are on this machine. */
    record Host(String searchPath, Path aptFolder) {

        static final Host DEBIAN = new Host(StepContext.SYSTEM_PATH, Path.of("/etc/apt"));
    }

    /** Creates a build that has not begun. */
    public Build(Recipe recipe, BuildSettings settings, BuildEvents events) {
        this(recipe, settings, events, Host.DEBIAN);
    }

    Build(Recipe recipe, BuildSettings settings, BuildEvents events, Host host) {
        this.recipe = recipe;
        this.settings = settings;
        this.events = events;
        this.host = host;
    }

    /** Returns the names of the steps, in order. */
    public static List<String> stepNames() {
        return steps(Host.DEBIAN).stream().map(Step::name).toList();
    }

    private static List<Step> steps(Host host) {
        return List.of(new EarlyStage(host.aptFolder()), new Download(host.aptFolder()), new Extract(), new Compile(),
                new Dependencies(), new Config(), new Startup(), new Cleanup(), new Archive());
    }

    /**
     * Runs all steps whose inputs changed and returns the root.
     *
     * @throws BuildException when a step fails, the machine lacks something, or the settings end before the last step
     */
    public BuiltRoot run() {
        return runSteps().orElseThrow(() -> BuildException.usage("build " + recipe.name(),
                "the build ends before the archive is made", "leave --until out"));
    }

    /**
     * Runs the steps that the settings ask for.
     *
     * @return the root, or nothing when the settings end before the last step
     * @throws BuildException when a step fails or the machine lacks something
     */
    public Optional<BuiltRoot> runSteps() {
        int first = settings.from().map(Build::indexOf).orElse(Integer.MAX_VALUE);
        int last = settings.until().map(Build::indexOf).orElse(stepNames().size() - 1);
        return inWorkspace(context -> runSteps(context, first, last));
    }

    /**
     * Does the steps before {@code step} and starts a shell on the caller's terminal, in the build environment as that
     * step has it: from compile on with the patched source, the components and the compiler's settings; after compile
     * with what it installed in {@code out}. What is changed there is gone when the shell ends.
     *
     * @return the shell's exit status
     */
    public int shell(String step) {
        int index = indexOf(step);
        int compile = indexOf(Compile.NAME);
        return inWorkspace(context -> {
            runSteps(context, Integer.MAX_VALUE, Math.max(index, indexOf(EarlyStage.NAME) + 1) - 1);
            Path folder = context.workspace().temporary("shell");
            try {
                if (index < compile) {
                    WorkPlace place = WorkPlace.in(context, folder, context.workspace().log("shell"));
                    place.handOver();
                    return place.shell(Map.of());
                }
                Components components = new Components(context);
                components.buildMissing();
                WorkPlace place = Compile.prepare(context, components, folder);
                if (index > compile) {
                    Trees.copy(context.workspace().folder(Compile.NAME), place.path(WorkPlace.OUT));
                    place.handOver();
                }
                return place.shell(recipe.variant().profile().environment());
            } finally {
                Trees.delete(folder);
            }
        });
    }

    /**
     * Tells why a shared library is in the root: who needs it, and who needs those, up to the programs. The steps up to
     * the one that finds the libraries are done first.
     *
     * @param library its name, such as {@code libz.so.1}, or the beginning of it
     * @throws BuildException of kind USAGE with the libraries of the root when it is not among them
     */
    public LibraryUse why(String library) {
        return inWorkspace(context -> {
            runSteps(context, Integer.MAX_VALUE, indexOf(Dependencies.NAME));
            return Dependencies.why(context, library);
        });
    }

    /** Work in the locked workspace. */
    @FunctionalInterface
    private interface Work<T> {

        T in(StepContext context) throws IOException;
    }

    private <T> T inWorkspace(Work<T> work) {
        Path folder = settings.cacheDirectory().resolve("build");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        try (CacheLock lock = CacheLock.take(folder.resolve("lock"), events)) {
            Config.check(settings);
            StepContext.givenTime(settings);
            Workspace workspace = new Workspace(folder.resolve(recipe.name()).resolve(place()));
            workspace.removeRemains();
            if (settings.clean()) {
                workspace.clear();
            }
            return work.in(new StepContext(recipe, settings, workspace, host.searchPath(), events));
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private String place() {
        return recipe.variant().name() + (settings.host() ? "-host" : "");
    }

    private Optional<BuiltRoot> runSteps(StepContext context, int first, int last) throws IOException {
        List<Step> steps = steps(host);
        boolean cached = true;
        for (int i = 0; i <= last; i++) {
            cached &= perform(steps.get(i), context, i >= first);
            if (settings.test() && steps.get(i).name().equals(Cleanup.NAME)) {
                events.on(new Trial(context).run());
            }
        }
        return last < steps.size() - 1 ? Optional.empty() : Optional.of(Archive.builtRoot(context, cached));
    }

    private boolean perform(Step step, StepContext context, boolean force) {
        long begin = System.nanoTime();
        try {
            Step.Outcome outcome = step.perform(context, force);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            events.on(new BuildEvent.StepFinished(step.name(), outcome.detail(), took, outcome.cached()));
            return outcome.cached();
        } catch (UncheckedIOException e) {
            throw broken(step, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw broken(step, e);
        } catch (InvalidPathException e) {
            throw new BuildException(BuildException.Kind.FAILED,
                    "do the step %s of %s".formatted(step.name(), recipe.name()),
                    "'%s' is no file name in this locale: %s".formatted(e.getInput(), e.getReason()),
                    "set LC_ALL=C.UTF-8 and build again", e);
        }
    }

    private BuildException broken(Step step, IOException e) {
        return new BuildException(BuildException.Kind.FAILED,
                "do the step %s of %s".formatted(step.name(), recipe.name()), Reasons.of(e),
                "look for missing space or permissions in " + settings.cacheDirectory(), e);
    }

    private static BuildException unusable(Path folder, IOException e) {
        return new BuildException(BuildException.Kind.FAILED, "use the build cache " + folder, Reasons.of(e),
                "make it writable, or choose another cache directory", e);
    }

    private static int indexOf(String step) {
        List<String> names = stepNames();
        if (!names.contains(step)) {
            String nearest = names.stream().min(Comparator.comparingInt(name -> Recipes.distance(name, step)))
                    .orElseThrow();
            throw BuildException.usage("find the step '%s'".formatted(step), "steps: " + String.join(", ", names),
                    "did you mean '%s'?".formatted(nearest));
        }
        return names.indexOf(step);
    }
}
