package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;

/** {@code zship build}: the root and its archive. */
@Command(name = "build", description = "Builds the root of a recipe; prints the archive's path and digest.")
final class BuildCommand implements Callable<Integer> {
    private static final String BILL = ".cdx.json";

    @ParentCommand
    private SessionSource root;

    @Mixin
    private BuildOptions options;

    @Option(names = "--archive", paramLabel = "FILE", description = "also write the archive (tar.gz) here, and its bill of materials beside it")
    private Optional<Path> archive = Optional.empty();

    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "also put the archive and its bill of materials into this folder, under their own names")
    private Optional<Path> folder = Optional.empty();

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
        List<Path> copies = new ArrayList<>();
        folder.ifPresent(target -> copies.add(copyInto(target, built)));
        archive.ifPresent(target -> copies.add(copy(built, target)));
        Map<String, Object> fields = new LinkedHashMap<>(Shipping.fields(built));
        fields.putAll(report.tell(session.output(), built));
        session.output().result(fields,
                built.archiveSha256() + "  " + (copies.isEmpty() ? built.archive() : copies.getLast()));
    }

    private static Path copyInto(Path folder, BuiltRoot built) {
        try {
            return copy(built, Files.createDirectories(folder).resolve(String.valueOf(built.archive().getFileName())));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot make the folder " + folder, DiskFaults.reason(e),
                    "name a folder that can be made and written");
        }
    }

    /** The archive, and beside it the bill of materials under the same name. */
    private static Path copy(BuiltRoot built, Path target) {
        copy(built.archive(), target);
        String name = String.valueOf(target.getFileName()).replaceFirst("\\.(tar\\.gz|tgz)$", "");
        copy(built.bill(), target.resolveSibling(name + BILL));
        return target;
    }

    private static void copy(Path archive, Path target) {
        try {
            Destination.of(target).replace(out -> Files.copy(archive, out));
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write " + target, DiskFaults.reason(e),
                    DiskFaults.hint(e, "name a file in a folder that can be written"));
        }
    }
}
