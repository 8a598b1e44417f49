package zship.builder.step;

import java.util.List;
import java.util.Optional;

import zship.builder.BuildEvents;
import zship.builder.BuildException;
import zship.builder.recipe.Recipe;

/** A build of one recipe: nine named steps, of which those with unchanged inputs are skipped. */
public final class Build {

    private final Recipe recipe;
    private final BuildSettings settings;
    private final BuildEvents events;

    /** Creates a build that has not begun. */
    public Build(Recipe recipe, BuildSettings settings, BuildEvents events) {
        this.recipe = recipe;
        this.settings = settings;
        this.events = events;
    }

    /** Returns the names of the steps, in order. */
    public static List<String> stepNames() {
        return List.of("earlystage", "download", "extract", "compile", "dependencies", "config", "startup", "cleanup",
                "archive");
    }

    /**
     * Runs all steps whose inputs changed and returns the root.
     *
     * @throws BuildException when a step fails, the machine lacks something, or the settings end before the last step
     */
    public BuiltRoot run() {
        return runSteps().orElseThrow(() -> BuildException.usage("build " + recipe.name(),
                "the build ends before the archive is made", "zship build " + recipe.name()));
    }

    /** Runs the steps that the settings ask for; the result is empty when they end before the last step. */
    public Optional<BuiltRoot> runSteps() {
        throw BuildException.failed("build %s in %s".formatted(recipe.name(), settings.cacheDirectory()),
                "no step runs yet (listener %s)".formatted(events), "wait");
    }
}
