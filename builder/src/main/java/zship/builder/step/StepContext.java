package zship.builder.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.BuildException;
import zship.builder.archive.RootArchive;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.recipe.Variant;
import zship.builder.sandbox.BuildRoot;
import zship.builder.sandbox.BuildRoots;
import zship.builder.sandbox.MachinePackages;
import zship.builder.sandbox.PackageDatabase;
import zship.builder.tool.Toolbox;

/**
 * What a step works with.
 *
 * @param recipe what is built
 * @param settings how
 * @param workspace where results are kept
 * @param searchPath where programs are looked for
 * @param events whom to tell
 */
record StepContext(Recipe recipe, BuildSettings settings, Workspace workspace, String searchPath, BuildEvents events) {

    /** Where Debian keeps its programs; the caller's own path could bring in another compiler. */
    static final String SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    RecipeDefinition definition() {
        return recipe.definition();
    }

    /** Returns the way the recipe is built. */
    Variant variant() {
        return recipe.variant();
    }

    /** Returns the build roots of the cache. */
    BuildRoots buildRoots() {
        return new BuildRoots(settings.cacheDirectory().resolve("packages/roots"));
    }

    /** Returns the build root, which is there after the step earlystage; nothing when the host is used. */
    Optional<BuildRoot> buildRoot() {
        try {
            return settings.host() ? Optional.empty() : buildRoots().find(variant().packages());
        } catch (IOException e) {
            throw new UncheckedIOException("the build root cannot be read", e);
        }
    }

    /** Returns the packages that programs are compiled with; nothing on a machine that has no Debian packages. */
    Optional<PackageDatabase> packages() throws IOException {
        Optional<BuildRoot> root = buildRoot();
        if (root.isPresent()) {
            return Optional.of(root.get().database());
        }
        Toolbox tools = tools(EarlyStage.NAME);
        return settings.host() && tools.find("dpkg-query").isPresent()
                ? Optional.of(new MachinePackages(tools))
                : Optional.empty();
    }

    /** Returns the folder that archives are downloaded into. */
    Path downloads() {
        return settings.cacheDirectory().resolve("downloads");
    }

    /** Returns the source archive, which is there after the step download. */
    Path sourceArchive() {
        return downloads().resolve(definition().source().archive());
    }

    /** Says that a step begins to work, and begins its log. */
    void begin(String step, String plan) throws IOException {
        workspace.beginLog(step);
        events.on(new BuildEvent.StepStarted(step, plan));
    }

    /** Returns the programs for a step, with an environment that is the same on every machine. */
    Toolbox tools(String step) {
        return tools(workspace.log(step));
    }

    /** Returns the programs, whose output goes to {@code log}. */
    Toolbox tools(Path log) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", "/nonexistent");
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return new Toolbox(searchPath, environment, log);
    }

    /**
     * Returns the time that is written into everything: SOURCE_DATE_EPOCH, or else the source release's date, or 1980 when
     * it has none.
     */
    Instant buildTime() throws IOException {
        Optional<Instant> given = givenTime();
        return given.isPresent() ? given.get() : ReleaseDate.of(Extract.newest(workspace));
    }

    /** Returns SOURCE_DATE_EPOCH, if the caller's environment has it. */
    Optional<Instant> givenTime() {
        return givenTime(settings);
    }

    /**
     * Returns SOURCE_DATE_EPOCH, if the caller's environment has it.
     *
     * @throws BuildException of kind USAGE when it is no time that an archive can hold
     */
    static Optional<Instant> givenTime(BuildSettings settings) {
        String given = settings.environment().get("SOURCE_DATE_EPOCH");
        if (given == null) {
            return Optional.empty();
        }
        if (!given.matches("[0-9]{1,10}") || Long.parseLong(given) > RootArchive.LATEST) {
            throw BuildException.usage("use SOURCE_DATE_EPOCH=" + given,
                    "it is no number of seconds since 1970, from 0 to " + RootArchive.LATEST,
                    "give such a number or unset it");
        }
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(given)));
    }

    /** Returns the content of one of the recipe's files. */
    byte[] recipeFile(String name) {
        try {
            return recipe.files().read(name);
        } catch (IOException e) {
            throw new UncheckedIOException("the recipe's file %s cannot be read".formatted(name), e);
        }
    }
}
