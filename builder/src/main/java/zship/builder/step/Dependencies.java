package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.elf.Library;
import zship.builder.elf.LibraryClosure;
import zship.builder.elf.Sysroot;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.sandbox.BuildRoot;
import zship.builder.sandbox.PackageDatabase;

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
        for (Library library : closure(build).libraries()) {
            // Not where the file is: a cache that was moved is as good as before.
            inputs.append("%s %d %s%n".formatted(library.destination(), Files.size(library.file()),
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
        List<Library> libraries = closure(build).libraries();
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
    static LibraryClosure.Result closure(StepContext build) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        Path system = build.buildRoot().map(BuildRoot::files).orElse(Path.of("/"));
        Sysroot sysroot = Sysroot.of(build.workspace().folder(Compile.NAME), system);
        List<String> programs = root.binaries().stream().map(binary -> "/" + binary).toList();
        LibraryClosure.Result closure = LibraryClosure.of(sysroot, programs,
                build.variant().profile().runTimeLibraries());
        if (!closure.missing().isEmpty()) {
            throw BuildException.failed("find the libraries of " + String.join(", ", programs),
                    "not in %s: %s".formatted(system, String.join(", ", closure.missing())),
                    "add the packages that hold them to the recipe");
        }
        for (Library library : closure.libraries()) {
            if (root.forbiddenLibraries().stream().anyMatch(library.name()::startsWith)) {
                throw BuildException.failed("find the libraries of " + String.join(", ", programs),
                        "%s wants %s, which the recipe forbids".formatted(library.neededBy(), library.name()),
                        "configure it without the feature that needs it");
            }
        }
        return closure;
    }

    /** Tells who needs a library. */
    static LibraryUse why(StepContext build, String name) throws IOException {
        LibraryClosure.Result closure = closure(build);
        Library library = closure.libraries().stream().filter(it -> it.name().startsWith(name)).findFirst()
                .orElseThrow(() -> BuildException.usage("find the library '%s' in the root".formatted(name),
                        closure.libraries().isEmpty()
                                ? "its programs need no shared library"
                                : "it has "
                                        + String.join(", ", closure.libraries().stream().map(Library::name).toList()),
                        "name one of these"));
        Optional<PackageDatabase> packages = build.packages();
        String source = packages.isPresent()
                ? packages.get().owner(library.file()).map(it -> it.name() + " " + it.version()).orElse("")
                : "";
        return new LibraryUse(library.name(), Files.size(library.file()),
                closure.users().getOrDefault(library.name(), List.of()), chain(closure, library.name()), source);
    }

    /** Finds the shortest way from a program to a library, going from the library to its users. */
    private static List<String> chain(LibraryClosure.Result closure, String library) {
        Map<String, String> next = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(library));
        next.put(library, "");
        while (!open.isEmpty()) {
            String at = open.remove();
            List<String> users = closure.users().getOrDefault(at, List.of());
            if (users.isEmpty()) {
                return way(at, next);
            }
            for (String user : users) {
                if (next.putIfAbsent(user, at) == null) {
                    open.add(user);
                }
            }
        }
        return List.of(library);
    }

    private static List<String> way(String program, Map<String, String> next) {
        List<String> way = new ArrayList<>();
        for (String at = program; !at.isEmpty(); at = next.getOrDefault(at, "")) {
            way.add(at);
        }
        return way;
    }
}
