package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.elf.Library;
import zship.builder.elf.LibraryClosure;
import zship.builder.elf.Sysroot;
import zship.builder.recipe.RecipeDefinition;

/** Step 5: the shared libraries that the compiled programs need, found by reading ELF headers and copied. */
final class Dependencies extends TreeStep {

    static final String NAME = "dependencies";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        StringBuilder inputs = new StringBuilder(build.workspace().stampOf(Compile.NAME)).append('\n');
        for (Library library : libraries(build)) {
            inputs.append("%s %s %d %s%n".formatted(library.destination(), library.file(), Files.size(library.file()),
                    Files.getLastModifiedTime(library.file())));
        }
        return inputs.toString();
    }

    @Override
    String plan(StepContext build) {
        return "finding the libraries of " + String.join(", ", build.definition().root().binaries());
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        List<Library> libraries = libraries(build);
        for (Library library : libraries) {
            Path target = output.resolve(library.destination());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(library.file(), target);
            Files.setPosixFilePermissions(target,
                    PosixFilePermissions.fromString(library.loader() ? "rwxr-xr-x" : "rw-r--r--"));
        }
        build.events().on(new BuildEvent.LibrariesFound(libraries.stream().map(Library::name).toList()));
    }

    @Override
    String result(StepContext build, Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return "%d libraries".formatted(files.filter(Files::isRegularFile).count() - 1);
        }
    }

    /** Finds the libraries of the recipe's programs, first in what was compiled, then on the host. */
    private static List<Library> libraries(StepContext build) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        Sysroot sysroot = Sysroot.of(build.workspace().folder(Compile.NAME), Path.of("/"));
        List<String> programs = root.binaries().stream().map(binary -> "/" + binary).toList();
        LibraryClosure.Result closure = LibraryClosure.of(sysroot, programs, root.runTimeLibraries());
        if (!closure.missing().isEmpty()) {
            throw BuildException.failed("find the libraries of " + String.join(", ", programs),
                    "not on this machine: " + String.join(", ", closure.missing()),
                    "install the packages that hold them");
        }
        for (Library library : closure.libraries()) {
            if (root.forbiddenLibraries().stream().anyMatch(library.name()::startsWith)) {
                throw BuildException.failed("find the libraries of " + String.join(", ", programs),
                        "%s wants %s, which the recipe forbids".formatted(library.neededBy(), library.name()),
                        "configure it without the feature that needs it");
            }
        }
        return closure.libraries();
    }
}
