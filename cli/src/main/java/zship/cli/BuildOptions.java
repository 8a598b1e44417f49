package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import zship.builder.BuildException;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeChange;
import zship.builder.recipe.Recipes;
import zship.builder.recipe.Selection;
import zship.builder.step.BuildSettings;
import zship.cli.config.AppSettings;
import zship.cli.config.BuildConfig;
import zship.cli.config.Layers;
import zship.cli.config.ProjectFile;
import zship.cli.config.Setting;
import zship.cli.session.Session;

/** The options of the commands that build a root. */
final class BuildOptions {
    @Option(names = "--source", paramLabel = "FILE", description = "the source archive; nothing is downloaded")
    private Optional<Path> source = Optional.empty();

    @Option(names = "--from", paramLabel = "STEP", description = "do this step and the later ones again")
    private Optional<String> from = Optional.empty();

    @Option(names = "--until", paramLabel = "STEP", description = "stop after this step")
    private Optional<String> until = Optional.empty();

    @Option(names = "--clean", description = "forget what was built before")
    private boolean clean;

    @Mixin
    private VariantOptions variant;

    @Option(names = "--host", description = "compile with what is installed on this machine, not in a sandbox")
    private boolean host;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a value instead of the recipe's own, such as "
            + "source.sha256=...; can be given more than once")
    private List<String> changes = new ArrayList<>();

    /** The same places of settings, where the command line also says how the root is built. */
    Layers over(Layers layers) {
        return layers.withBuild(variant.config());
    }

    /**
     * The settings of a command that is about a root alone. What the files choose is for the recipe that they name: when
     * another one is asked for it does not count.
     */
    Layers layers(Session session, Optional<String> named) {
        ProjectFile flags = ProjectFile.empty().withRecipe(named).withBuild(variant.config());
        Layers files = new Layers(ProjectFile.empty(), session.environment(),
                AppSettings.project(Optional.empty(), Path.of("").toAbsolutePath()),
                AppSettings.user(session.folders()));
        boolean other = named.isPresent() && !path(named.get()).equals(path(files.find(Setting.RECIPE).value()));
        return new Layers(flags, session.environment(), other ? ProjectFile.empty() : files.project(),
                other ? ProjectFile.empty() : files.user());
    }

    private static Path path(String recipe) {
        return Recipes.isPath(recipe) ? Path.of(recipe).toAbsolutePath().normalize() : Path.of(recipe);
    }

    /** The recipe that the settings name, with what they choose among the ways to build it. */
    Recipe recipe(Layers layers) {
        Recipe recipe = Recipes.find(layers.find(Setting.RECIPE).value(),
                changes.stream().map(RecipeChange::of).toList());
        Optional<String> profile = layers.text(Setting.PROFILE);
        Optional<List<String>> features = layers.text(Setting.FEATURES).map(BuildOptions::names);
        // One after the other, so that a refusal names the place of what it is about.
        Recipe chosen = with(recipe, new Selection(profile, Optional.empty(), Optional.empty()),
                layers.place(Setting.PROFILE));
        if (features.isPresent()) {
            chosen = with(recipe, new Selection(profile, features, Optional.empty()), layers.place(Setting.FEATURES));
        }
        Optional<String> shell = layers.text(Setting.SH);
        return shell.isEmpty()
                ? chosen
                : with(recipe, new Selection(profile, features, shell), layers.place(Setting.SH));
    }

    private static List<String> names(String text) {
        return Stream.of(text.split(",")).map(String::strip)
                .filter(name -> !name.isEmpty() && !name.equals(BuildConfig.NONE)).toList();
    }

    private static Recipe with(Recipe recipe, Selection selection, String place) {
        try {
            return recipe.with(selection);
        } catch (BuildException e) {
            throw new BuildException(e.kind(), e.what(), place + ": " + e.why(), e.hint(), e);
        }
    }

    BuildSettings settings(Session session, Layers layers) {
        return new BuildSettings(session.folders().cache(), source.map(Path::toAbsolutePath), from, until, clean,
                host, layers.text(Setting.CA_BUNDLE), session.environment(), false);
    }
}
