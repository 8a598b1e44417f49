package zship.builder.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A root as a manifest: every entry with its owner and mode, sorted by path. Owners and modes come from rules, not from
 * the files on this machine, so the same root results whoever builds it and with whatever umask.
 *
 * @param entries the entries, parents before their children
 */
public record RootTree(List<RootEntry> entries) {

    private static final int DIRECTORY_MODE = 0755;
    private static final int PROGRAM_MODE = 0755;
    private static final int FILE_MODE = 0644;

    /** Copies the entries. */
    public RootTree {
        entries = List.copyOf(entries);
    }

    /** An owner and a mode that a directory has instead of root's 0755. */
    public record DirectoryRule(Owner owner, int mode) {
    }

    /**
     * Reads the tree below {@code folder}. Files that their owner may execute get mode 0755, others 0644, all owned by
     * root; {@code rules} says which directories, by path, have another owner or mode.
     *
     * @throws IOException when a file cannot be read, has a name that is not UTF-8, or is neither file, directory nor
     *         link
     */
    public static RootTree scan(Path folder, Map<String, DirectoryRule> rules) throws IOException {
        List<RootEntry> entries = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (!path.equals(folder)) {
                    entries.add(entry(Utf8Names.of(folder.relativize(path)), path, rules));
                }
            }
        }
        entries.sort(Comparator.comparing(RootEntry::path));
        return new RootTree(entries);
    }

    private static RootEntry entry(String name, Path path, Map<String, DirectoryRule> directories) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return new RootEntry.Link(name, Owner.ROOT, Utf8Names.of(Files.readSymbolicLink(path)));
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            DirectoryRule rule = directories.getOrDefault(name, new DirectoryRule(Owner.ROOT, DIRECTORY_MODE));
            return new RootEntry.Directory(name, rule.owner(), rule.mode());
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            int mode = Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE)
                    ? PROGRAM_MODE
                    : FILE_MODE;
            return new RootEntry.File(name, Owner.ROOT, mode, path, Files.size(path));
        }
        throw new IOException("%s is neither file, directory nor link".formatted(path));
    }

    /** Returns the sum of the sizes of the regular files. */
    public long bytes() {
        return files().mapToLong(RootEntry.File::size).sum();
    }

    /** Returns the number of regular files. */
    public int fileCount() {
        return (int) files().count();
    }

    private Stream<RootEntry.File> files() {
        return entries.stream().filter(RootEntry.File.class::isInstance).map(RootEntry.File.class::cast);
    }
}
