package zship.flist.inspect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;

/**
 * How one flist differs from another.
 *
 * @param changes in tree order
 * @param newChunks distinct chunks that only the new flist names, which is what a node that has the old one must fetch
 * @param newBytes plain bytes of the pieces behind them
 */
public record FlistDiff(List<Change> changes, int newChunks, long newBytes) {
    /** What happened to an entry. */
    public enum What {
        /** Only the new flist has it. */
        ADDED,
        /** Only the old flist has it. */
        REMOVED,
        /** Kind, content, link target or device differ. */
        CONTENT,
        /** Only owners, permission bits or modification time differ. */
        ATTRIBUTES
    }

    /**
     * One difference.
     *
     * @param path where
     * @param what what happened
     * @param oldSize bytes before, 0 when there was nothing
     * @param newSize bytes after, 0 when there is nothing
     */
    public record Change(TreePath path, What what, long oldSize, long newSize) {
    }

    /** Keeps its own copy of the list. */
    public FlistDiff {
        changes = List.copyOf(changes);
    }

    /** The differences from {@code before} to {@code after}. Creation times do not count. */
    public static FlistDiff between(Flist before, Flist after) {
        List<Change> changes = new ArrayList<>();
        if (!sameAttributes(before.root(), after.root())) {
            changes.add(new Change(TreePath.ROOT, What.ATTRIBUTES, Directory.SIZE, Directory.SIZE));
        }
        compare(TreePath.ROOT, before.root(), after.root(), changes);
        Set<ChunkId> known = new HashSet<>(before.chunkIds());
        long[] bytes = new long[1];
        int[] chunks = new int[1];
        after.walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                count(file, known, chunks, bytes);
            }
        });
        return new FlistDiff(changes, chunks[0], bytes[0]);
    }

    /** Whether the two are the same but for creation times. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    private static void count(FileEntry file, Set<ChunkId> known, int[] chunks, long[] bytes) {
        List<Block> blocks = file.blocks();
        for (int i = 0; i < blocks.size(); i++) {
            if (known.add(blocks.get(i).id())) {
                chunks[0]++;
                bytes[0] += Math.min(file.pieceSize(), file.size() - (long) i * file.pieceSize());
            }
        }
    }

    private static void compare(TreePath path, Directory before, Directory after, List<Change> changes) {
        Set<Name> names = new TreeSet<>();
        before.entries().forEach(entry -> names.add(entry.name()));
        after.entries().forEach(entry -> names.add(entry.name()));
        for (Name name : names) {
            compare(path.resolve(name), before.find(name), after.find(name), changes);
        }
    }

    private static void compare(TreePath path, Optional<Entry> before, Optional<Entry> after, List<Change> changes) {
        if (before.isPresent() && after.isPresent()) {
            compare(path, before.get(), after.get(), changes);
        } else if (after.isPresent()) {
            addAll(path, after.get(), What.ADDED, changes);
        } else {
            before.ifPresent(entry -> addAll(path, entry, What.REMOVED, changes));
        }
    }

    private static void compare(TreePath path, Entry before, Entry after, List<Change> changes) {
        if (!sameContent(before, after)) {
            changes.add(new Change(path, What.CONTENT, before.size(), after.size()));
        } else if (!sameAttributes(before, after)) {
            changes.add(new Change(path, What.ATTRIBUTES, before.size(), after.size()));
        }
        boolean directories = before instanceof Directory || after instanceof Directory;
        if (directories) {
            compare(path, asDirectory(before), asDirectory(after), changes);
        }
    }

    private static Directory asDirectory(Entry entry) {
        return entry instanceof Directory directory ? directory : Directory.root(entry.attributes(), List.of());
    }

    private static void addAll(TreePath path, Entry entry, What what, List<Change> changes) {
        long size = entry.size();
        changes.add(new Change(path, what, what == What.REMOVED ? size : 0, what == What.ADDED ? size : 0));
        if (entry instanceof Directory directory) {
            directory.entries().forEach(below -> addAll(path.resolve(below.name()), below, what, changes));
        }
    }

    /** Directories are alike here; what is in them is compared entry by entry. */
    private static boolean sameContent(Entry before, Entry after) {
        if (before instanceof Directory && after instanceof Directory) {
            return true;
        }
        return before.withAttributes(after.attributes()).equals(after);
    }

    private static boolean sameAttributes(Entry before, Entry after) {
        Permissions old = before.permissions();
        Permissions now = after.permissions();
        return old.mode() == now.mode() && sameOwner(old.uid(), now.uid(), old.user(), now.user())
                && sameOwner(old.gid(), now.gid(), old.group(), now.group())
                && before.attributes().modified() == after.attributes().modified();
    }

    /** Numbers are what counts on a disk; names, which packers know or not, stand in where one is missing. */
    private static boolean sameOwner(long oldNumber, long newNumber, String oldName, String newName) {
        boolean known = oldNumber != Permissions.UNKNOWN && newNumber != Permissions.UNKNOWN;
        return known ? oldNumber == newNumber : oldName.equals(newName);
    }
}
