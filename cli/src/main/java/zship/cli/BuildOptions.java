package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeChange;
import zship.builder.recipe.Recipes;
import zship.builder.recipe.Selection;
import zship.builder.step.BuildSettings;
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

    @Option(names = "--profile", paramLabel = "NAME", description = "how to build it: for icecast slim (the default), full, "
            + "small or classic")
    private Optional<String> profile = Optional.empty();

    @Option(names = "--features", paramLabel = "NAMES", description = "what the service can do, instead of "
            + "the profile's own choice: for icecast curl, speex, theora, tls; none for nothing")
    private Optional<String> features = Optional.empty();

    @Option(names = "--sh", paramLabel = "NAME", description = "the shell in the root: none, dash or busybox")
    private Optional<String> shell = Optional.empty();

    @Option(names = "--ca-bundle", paramLabel = "FILE", description = "certificates to trust, in PEM format, instead of "
            + "Debian's; none for nothing")
    private Optional<String> caBundle = Optional.empty();

    @Option(names = "--host", description = "compile with what is installed on this machine, not in a sandbox")
    private boolean host;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a value instead of the recipe's own, such as "
            + "source.sha256=...; can be given more than once")
    private List<String> changes = new ArrayList<>();

    /** The recipe that was asked for by a built-in name or a path, with what was chosen among the ways to build it. */
    Recipe recipe(String named) {
        return Recipes.find(named, changes.stream().map(RecipeChange::of).toList()).with(selection());
    }

    private Selection selection() {
        return new Selection(profile,
                features.map(names -> List.of(names.split(",")).stream().filter(name -> !name.equals("none")).toList()),
                shell);
    }

    BuildSettings settings(Session session) {
        return new BuildSettings(session.folders().cache(), source.map(Path::toAbsolutePath), from, until, clean,
                host, caBundle, session.environment(), false);
    }
}
