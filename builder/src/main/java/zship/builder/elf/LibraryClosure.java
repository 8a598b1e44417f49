package zship.builder.elf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds all libraries that programs need by reading ELF headers; nothing is executed. The search order is that of
 * ld.so(8): inherited DT_RPATH unless the file has a DT_RUNPATH, then DT_RUNPATH, then the configured and the default
 * directories. A library that is loaded already is taken for any further one of its name or its DT_SONAME, but only in the
 * same process: each program is looked at by itself. LD_LIBRARY_PATH is ignored on purpose, and so are the
 * {@code glibc-hwcaps} variants: the machine that runs the result may be older than the one that builds it.
 */
public final class LibraryClosure {

    private static final int MAX_LIBRARIES = 4096;

    private final Sysroot sysroot;
    private final List<String> configured;
    /** By destination: programs may have different libraries of one name, in different places. */
    private final Map<String, Library> found = new LinkedHashMap<>();
    private final Set<String> missing = new LinkedHashSet<>();
    private final Map<String, Set<String>> users = new LinkedHashMap<>();
    private final List<Loading> processes = new ArrayList<>();

    /** What one program has loaded so far: names that further files may ask for, and files not yet looked into. */
    private record Loading(Path program, Set<String> names, Deque<Loaded> open, List<Library> libraries) {

        Loading(Path program) {
            this(program, new HashSet<>(), new ArrayDeque<>(), new ArrayList<>());
        }

        void add(Loaded library) {
            names.add(library.name());
            library.elf().soname().ifPresent(names::add);
            open.add(library);
        }
    }

    /** A file in the closure, at its path in the sysroot, and the file that asked for it. */
    private record Loaded(String name, String path, ElfFile elf, @Nullable Loaded by) {

        String directory() {
            return path.substring(0, Math.max(1, path.lastIndexOf('/')));
        }
    }

    /** A candidate for a library: its path in the sysroot and whether an RPATH or RUNPATH led to it. */
    private record Candidate(String path, boolean byPath) {
    }

    /**
     * What was found.
     *
     * @param libraries everything needed, loaders included, in the order of discovery
     * @param missing what was not found, as "name (needed by file)"
     * @param users for each name of a library, the files that ask for it, in the order of discovery
     */
    public record Result(List<Library> libraries, List<String> missing, Map<String, List<String>> users) {

        /** Copies the lists. */
        public Result {
            libraries = List.copyOf(libraries);
            missing = List.copyOf(missing);
            users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
        }
    }

    private LibraryClosure(Sysroot sysroot) throws IOException {
        this.sysroot = sysroot;
        this.configured = LoaderConfiguration.directories(sysroot);
    }

    /**
     * Computes the closure of {@code programs}.
     *
     * @param sysroot where programs and libraries are
     * @param programs absolute paths in the sysroot
     * @param byName libraries that a program opens by name at run time; looked for as if the first program needed them
     * @throws ElfFormatException when a program is not an ELF file
     * @throws IOException when a file cannot be read, or there are more than 4096 libraries
     */
    public static Result of(Sysroot sysroot, List<String> programs, List<String> byName) throws IOException {
        LibraryClosure closure = new LibraryClosure(sysroot);
        for (String program : programs) {
            closure.start(program, program.equals(programs.getFirst()) ? byName : List.of());
        }
        closure.checkVersions();
        Map<String, List<String>> users = new LinkedHashMap<>();
        closure.users.forEach((name, files) -> users.put(name, List.copyOf(files)));
        return new Result(List.copyOf(closure.found.values()), List.copyOf(closure.missing), users);
    }

    private void start(String program, List<String> byName) throws IOException {
        Optional<Path> file = sysroot.find(program);
        if (file.isEmpty()) {
            missing.add(program);
            return;
        }
        Loaded loaded = new Loaded(program, program, ElfFile.read(file.get()), null);
        Loading process = new Loading(file.get());
        processes.add(process);
        addInterpreter(loaded, process);
        process.open().add(loaded);
        load(process);
        for (String name : byName) {
            require(name, loaded, process);
        }
        load(process);
    }

    private void load(Loading process) throws IOException {
        while (!process.open().isEmpty()) {
            Loaded next = process.open().remove();
            for (String name : next.elf().needed()) {
                require(name, next, process);
            }
        }
    }

    private void addInterpreter(Loaded program, Loading process) throws IOException {
        if (program.elf().interpreter().isEmpty()) {
            return;
        }
        String path = program.elf().interpreter().get();
        Optional<Path> file = sysroot.find(path);
        if (file.isEmpty()) {
            missing.add("%s (needed by %s)".formatted(path, program.name()));
            return;
        }
        String name = ElfFile.read(file.get()).soname().orElse(path);
        users.computeIfAbsent(name, it -> new LinkedHashSet<>()).add(program.name());
        process.names().add(name);
        found(new Library(name, file.get(), path.replaceFirst("^/+", ""), true, program.name()), process);
    }

    private void require(String name, Loaded by, Loading process) throws IOException {
        users.computeIfAbsent(name, it -> new LinkedHashSet<>()).add(by.name());
        if (process.names().contains(name)) {
            return;
        }
        if (process.names().size() >= MAX_LIBRARIES) {
            throw new IOException("more than %d libraries are needed".formatted(MAX_LIBRARIES));
        }
        for (Candidate candidate : candidates(name, by)) {
            Optional<Path> file = sysroot.find(candidate.path());
            Optional<ElfFile> elf = file.isPresent() ? loadable(file.get(), by.elf().platform()) : Optional.empty();
            if (elf.isPresent()) {
                found(new Library(name, file.orElseThrow(), destination(candidate, elf.get(), name), false,
                        by.name()), process);
                process.add(new Loaded(name, candidate.path(), elf.get(), by));
                return;
            }
        }
        missing.add("%s (needed by %s)".formatted(name, by.name()));
    }

    /** Adds a library; of two that would have to be in one place, one program would get the wrong one. */
    private void found(Library library, Loading process) {
        process.libraries().add(library);
        Library other = found.putIfAbsent(library.destination(), library);
        if (other != null && !other.file().equals(library.file())) {
            missing.add("%s (needed by %s, while /%s is that of %s)".formatted(library.name(), library.neededBy(),
                    library.destination(), other.neededBy()));
        }
    }

    /** Where programs have different libraries of one name, looks at the versions that each of them finds in its own. */
    private void checkVersions() throws IOException {
        if (found.values().stream().map(Library::name).distinct().count() == found.size()) {
            return;
        }
        for (Loading process : processes) {
            missing.addAll(ElfVersions.missing(List.of(process.program()), process.libraries()));
        }
    }

    private static Optional<ElfFile> loadable(Path file, ElfPlatform platform) throws IOException {
        if (!file.toFile().isFile() || !ElfFile.isElf(file)) {
            return Optional.empty();
        }
        ElfFile elf = ElfFile.read(file);
        return elf.platform().equals(platform) ? Optional.of(elf) : Optional.empty();
    }

    private static String destination(Candidate candidate, ElfFile elf, String name) {
        if (candidate.byPath()) {
            return Path.of(candidate.path()).normalize().toString().substring(1);
        }
        return elf.platform().libraryDirectory() + "/" + name;
    }

    private List<Candidate> candidates(String name, Loaded by) {
        if (name.contains("/")) {
            return name.startsWith("/") ? List.of(new Candidate(name, true)) : List.of();
        }
        List<Candidate> candidates = new ArrayList<>();
        for (@Nullable
        Loaded at = by; at != null && by.elf().runpath().isEmpty(); at = at.by()) {
            if (at.elf().runpath().isEmpty()) {
                addPaths(at.elf().rpath(), at, name, candidates);
            }
        }
        addPaths(by.elf().runpath(), by, name, candidates);
        for (String directory : configured) {
            candidates.add(new Candidate(directory + "/" + name, false));
        }
        for (String directory : by.elf().platform().defaultDirectories()) {
            candidates.add(new Candidate(directory + "/" + name, false));
        }
        return candidates;
    }

    private static void addPaths(List<String> directories, Loaded at, String name, List<Candidate> candidates) {
        for (String directory : directories) {
            String expanded = expand(directory, "ORIGIN", at.directory());
            expanded = expand(expanded, "LIB", at.elf().platform().libWord());
            expanded = expand(expanded, "PLATFORM", at.elf().platform().platformWord());
            if (expanded.startsWith("/") && !expanded.contains("$")) {
                candidates.add(new Candidate(expanded + "/" + name, true));
            }
        }
    }

    private static String expand(String text, String token, String value) {
        return text.replace("${" + token + "}", value).replace("$" + token, value);
    }
}
