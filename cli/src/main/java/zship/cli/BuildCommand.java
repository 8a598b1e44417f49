package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
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
import zship.builder.step.Build;
import zship.builder.step.BuildSettings;
import zship.builder.step.BuiltRoot;
import zship.builder.step.LibraryUse;
import zship.cli.config.Layers;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.disk.DiskFaults;

/** {@code zship build}: the root and its archive. */
@Command(name = "build", description = "Builds the root of a recipe; prints the archive's path and digest.")
final class BuildCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private BuildOptions options;

    @Option(names = "--archive", paramLabel = "FILE", description = "also write the archive (tar.gz) here")
    private Optional<Path> archive = Optional.empty();

    @Option(names = "--list-steps", description = "print the names of the steps and do nothing")
    private boolean listSteps;

    @Option(names = "--shell", paramLabel = "STEP", description = "do the steps before this one and start a shell in the build environment")
    private Optional<String> shell = Optional.empty();

    @Option(names = "--why", paramLabel = "LIB", description = "tell who needs a shared library of the root")
    private Optional<String> why = Optional.empty();

    @Option(names = "--test", description = "start the finished root in namespaces of its own before it is archived, and see that it serves")
    private boolean test;

    @Parameters(arity = "0..1", paramLabel = "RECIPE", description = "a built-in recipe, or the path of a recipe file (default: that of ./zship.toml, else icecast)")
    private Optional<String> recipe = Optional.empty();

    @Override
    public Integer call() {
        Session session = root.session();
        if (listSteps) {
            List<String> steps = Build.stepNames();
            session.output().result(Map.of("steps", steps), String.join("\n", steps));
            return ExitCode.OK;
        }
        Layers layers = options.layers(session, recipe);
        Recipe found = options.recipe(layers);
        BuildSettings settings = options.settings(session, layers);
        if (shell.isPresent()) {
            return new Build(found, settings, Shipping.notes(session)).shell(shell.get());
        }
        if (why.isPresent()) {
            explain(session, new Build(found, settings, Shipping.notes(session)).why(why.get()));
            return ExitCode.OK;
        }
        BuildReport report = new BuildReport(found);
        new Shipping(session, 1).steps(found, settings.withTest(test), report).ifPresentOrElse(
                built -> tell(session, built, report),
                () -> session.output().result(Map.of("complete", false), ""));
        return ExitCode.OK;
    }

    private static void explain(Session session, LibraryUse use) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("library", use.library());
        fields.put("bytes", use.bytes());
        fields.put("package", use.source());
        fields.put("neededBy", use.users());
        fields.put("chain", use.chain());
        session.output().result(fields, "%s, %s%s%nneeded by %s%n%s".formatted(use.library(), Sizes.bytes(use.bytes()),
                use.source().isEmpty() ? "" : ", from " + use.source(), String.join(", ", use.users()),
                String.join(" -> ", use.chain())));
    }

    private void tell(Session session, BuiltRoot built, BuildReport report) {
        archive.ifPresent(target -> copy(built.archive(), target));
        Map<String, Object> fields = new LinkedHashMap<>(Shipping.fields(built));
        fields.putAll(report.tell(session.output(), built));
        session.output().result(fields, built.archiveSha256() + "  " + archive.orElse(built.archive()));
    }

    private static void copy(Path archive, Path target) {
        Path temporary = target.resolveSibling("." + target.getFileName() + ".new");
        try {
            Files.copy(archive, temporary, StandardCopyOption.REPLACE_EXISTING);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write " + target, DiskFaults.reason(e),
                    "name a file in a folder that can be written");
        }
    }
}
