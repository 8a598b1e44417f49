package zship.builder.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The versions of symbols that an ELF file asks its libraries for, and those that it has itself. Field names: Linux
 * Standard Base, chapter 10.7.
 *
 * @param required for each library, the versions that must be there (DT_VERNEED); those that may be missing are left out
 * @param defined versions that the file has (DT_VERDEF)
 */
public record ElfVersions(Map<String, Set<String>> required, Set<String> defined) {

    /** Copies the collections. */
    public ElfVersions {
        required = Map.copyOf(required);
        defined = Set.copyOf(defined);
    }

    /**
     * Reads the versions of {@code file}.
     *
     * @throws ElfFormatException when the file is no ELF file, or is cut off or altered
     */
    public static ElfVersions read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ElfReader(channel).readVersions();
        }
    }

    /**
     * Finds the versions that a loader would miss. As it does, a library without any versions is taken as it is.
     *
     * @param programs files to be started
     * @param libraries everything that they need
     * @return each as "version of library (needed by file)", sorted
     */
    public static List<String> missing(List<Path> programs, List<Library> libraries) throws IOException {
        Map<String, ElfVersions> found = new LinkedHashMap<>();
        for (Library library : libraries) {
            found.merge(library.name(), read(library.file()), ElfVersions::and);
        }
        Map<String, ElfVersions> all = new LinkedHashMap<>(found);
        for (Path program : programs) {
            all.put(String.valueOf(program.getFileName()), read(program));
        }
        Set<String> missing = new TreeSet<>();
        all.forEach((file, versions) -> versions.required().forEach((library, wanted) -> {
            Set<String> there = found.containsKey(library) ? found.get(library).defined() : Set.of();
            wanted.stream().filter(version -> !there.isEmpty() && !there.contains(version))
                    .forEach(version -> missing.add("%s of %s (needed by %s)".formatted(version, library, file)));
        }));
        return new ArrayList<>(missing);
    }

    /** The versions of two libraries of one name, which belong to different programs. */
    private ElfVersions and(ElfVersions other) {
        Map<String, Set<String>> all = new LinkedHashMap<>(required);
        other.required.forEach((library, wanted) -> all.merge(library, wanted, ElfVersions::union));
        // A library without versions is taken for any of them.
        boolean any = defined.isEmpty() || other.defined.isEmpty();
        return new ElfVersions(all, any ? Set.of() : union(defined, other.defined));
    }

    private static Set<String> union(Set<String> left, Set<String> right) {
        Set<String> all = new TreeSet<>(left);
        all.addAll(right);
        return all;
    }
}
