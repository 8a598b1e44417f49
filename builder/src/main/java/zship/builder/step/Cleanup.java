package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import zship.builder.BuildException;
import zship.builder.elf.ElfFile;
import zship.builder.elf.ElfVersions;
import zship.builder.elf.Library;
import zship.builder.elf.LibraryClosure;
import zship.builder.elf.Sysroot;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.root.RootTree;

/** Step 8: puts the parts together without what a server does not need, and proves that the root is complete. */
final class Cleanup extends TreeStep {

    static final String NAME = "cleanup";

    private static final Predicate<String> IS_LIBRARY = Pattern.compile("\\.so(\\.[0-9.]+)?$").asPredicate();
    private static final List<String> LATER_PARTS = List.of(Dependencies.NAME, Config.NAME, Startup.NAME);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        StringBuilder inputs = new StringBuilder(build.workspace().stampOf(Compile.NAME));
        for (String part : LATER_PARTS) {
            inputs.append('\n').append(build.workspace().stampOf(part));
        }
        return inputs.append('\n').append(build.definition().root()).toString();
    }

    @Override
    String plan(StepContext build) {
        return "removing what a server does not need";
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        Path tree = Files.createDirectory(output.resolve("root"));
        add(build, Compile.NAME, tree);
        for (String path : root.remove()) {
            Trees.delete(tree, path);
        }
        for (String part : LATER_PARTS) {
            add(build, part, tree);
        }
        verify(build, tree);
    }

    private static void add(StepContext build, String part, Path tree) throws IOException {
        Trees.copy(build.workspace().folder(part), tree);
        Files.deleteIfExists(tree.resolve(".stamp"));
    }

    /** Proves, with nothing but the root itself, that each library is there and that none is there for nothing. */
    private static void verify(StepContext build, Path tree) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        List<String> programs = root.binaries().stream().map(binary -> "/" + binary).toList();
        LibraryClosure.Result closure = LibraryClosure.of(Sysroot.of(tree), programs,
                build.variant().profile().runTimeLibraries());
        if (!closure.missing().isEmpty()) {
            throw BuildException.failed("verify the root", "it lacks " + String.join(", ", closure.missing()),
                    "add what is missing to the recipe");
        }
        List<String> versions = ElfVersions.missing(root.binaries().stream().map(tree::resolve).toList(),
                closure.libraries());
        if (!versions.isEmpty()) {
            throw BuildException.failed("verify the root", "it lacks " + String.join(", ", versions),
                    "take the libraries that the programs were linked with");
        }
        Set<Path> needed = closure.libraries().stream().map(Library::file).collect(Collectors.toSet());
        String superfluous = libraries(tree, root.binaries().getFirst()).stream()
                .filter(file -> !needed.contains(file))
                .map(file -> Objects.requireNonNull(file.getFileName()).toString()).sorted()
                .collect(Collectors.joining(", "));
        if (!superfluous.isEmpty()) {
            throw BuildException.failed("verify the root", "nothing needs " + superfluous, "remove it in the recipe");
        }
    }

    /** The shared libraries in the directories where the loader looks; plug-ins elsewhere are their program's matter. */
    private static Set<Path> libraries(Path tree, String program) throws IOException {
        Sysroot sysroot = Sysroot.of(tree);
        Set<Path> libraries = new TreeSet<>();
        for (String name : ElfFile.read(tree.resolve(program)).platform().defaultDirectories()) {
            Optional<Path> directory = sysroot.find(name).filter(Files::isDirectory);
            if (directory.isPresent()) {
                try (Stream<Path> files = Files.list(directory.get())) {
                    for (Path file : files.filter(it -> IS_LIBRARY.test(it.toString())).toList()) {
                        sysroot.find("/" + sysroot.layers().getFirst().relativize(file)).ifPresent(libraries::add);
                    }
                }
            }
        }
        return libraries;
    }

    @Override
    String result(StepContext build, Path output) throws IOException {
        RootTree tree = tree(build);
        return "%d files, %d bytes".formatted(tree.fileCount(), tree.bytes());
    }

    /** Returns the finished tree on this machine. */
    static Path root(Workspace workspace) {
        return workspace.folder(NAME).resolve("root");
    }

    /** Reads the finished tree with the owners and modes that it is to have. */
    static RootTree tree(StepContext build) throws IOException {
        return RootTree.scan(root(build.workspace()), Config.directoryRules(build.definition()));
    }
}
