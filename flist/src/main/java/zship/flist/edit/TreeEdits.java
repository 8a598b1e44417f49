package zship.flist.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.FlistException.Kind;
import zship.flist.Name;
import zship.flist.TreePath;

/** Changes to a tree. Each gives a new flist; unchanged parts are shared. */
public final class TreeEdits {
    private TreeEdits() {
    }

    /**
     * Puts {@code entry} at {@code path}, under the path's last name, replacing what is there.
     *
     * @throws FlistException when the directory that is to hold it does not exist
     */
    public static Flist put(Flist flist, TreePath path, Entry entry) {
        Name name = requireName("put " + path, path);
        return change(flist, "put " + path, parentOf(path),
                directory -> with(directory, name, Optional.of(entry.withName(name))));
    }

    /**
     * Makes a directory; one that exists stays as it is.
     *
     * @throws FlistException when something else has that name, or the directory above does not exist
     */
    public static Flist makeDirectory(Flist flist, TreePath path, Attributes attributes) {
        String what = "make the directory " + path;
        Optional<Entry> existing = flist.lookup(path);
        if (existing.isEmpty()) {
            return put(flist, path, Directory.of(requireName(what, path), attributes, List.of()));
        }
        if (existing.get() instanceof Directory) {
            return flist;
        }
        throw new FlistException(Kind.FAILED, what, "something that is not a directory has that name",
                "remove it first, or choose another name");
    }

    /**
     * Removes an entry, a directory with all that is in it.
     *
     * @throws FlistException when there is nothing, or it is the root
     */
    public static Flist remove(Flist flist, TreePath path) {
        String what = "remove " + path;
        Name name = requireName(what, path);
        require(flist, what, path);
        return change(flist, what, parentOf(path), directory -> with(directory, name, Optional.empty()));
    }

    /**
     * Sets all twelve permission bits of an entry. For a directory this counts in containers too, since its own row changes.
     *
     * @throws FlistException when there is nothing at {@code path}
     */
    public static Flist changeMode(Flist flist, TreePath path, int mode) {
        Entry entry = require(flist, "change the mode of " + path, path);
        Attributes attributes = entry.attributes().withPermissions(entry.permissions().withMode(mode));
        if (path.isRoot()) {
            return flist.withRoot(flist.root().withAttributes(attributes));
        }
        return put(flist, path, entry.withAttributes(attributes));
    }

    /**
     * Puts the contents of {@code tree} into the directory at {@code path}, entry by entry. Directories are joined, everything
     * else is replaced, so doing it twice changes nothing more. The attributes of the directory itself stay.
     *
     * @throws FlistException when there is no directory at {@code path}
     */
    public static Flist putAll(Flist flist, TreePath path, Directory tree) {
        return change(flist, "put a tree into " + path, path, directory -> join(tree, directory));
    }

    /** {@code upper} over {@code lower}: on conflicts the upper one's entry counts, and so does its metadata. */
    public static Flist merge(Flist upper, Flist lower) {
        return upper.withRoot(join(upper.root(), lower.root()).withAttributes(upper.root().attributes()));
    }

    /** All entries of both; where both have a directory it is joined, with the first one's attributes. */
    private static Directory join(Directory first, Directory second) {
        Map<Name, Entry> entries = new LinkedHashMap<>();
        second.entries().forEach(entry -> entries.put(entry.name(), entry));
        for (Entry entry : first.entries()) {
            if (entry instanceof Directory above && entries.get(entry.name()) instanceof Directory below) {
                entries.put(entry.name(), join(above, below).withAttributes(above.attributes()));
            } else {
                entries.put(entry.name(), entry);
            }
        }
        return second.withEntries(entries.values());
    }

    private static Flist change(Flist flist, String what, TreePath path, UnaryOperator<Directory> edit) {
        return flist.withRoot(change(flist.root(), what, path, 0, edit));
    }

    private static Directory change(Directory directory, String what, TreePath path, int depth,
            UnaryOperator<Directory> edit) {
        if (depth == path.depth()) {
            return edit.apply(directory);
        }
        Name name = path.names().get(depth);
        if (directory.find(name).orElse(null) instanceof Directory below) {
            return with(directory, name, Optional.of(change(below, what, path, depth + 1, edit)));
        }
        TreePath missing = TreePath.ROOT;
        for (Name step : path.names().subList(0, depth + 1)) {
            missing = missing.resolve(step);
        }
        throw directory.find(name).isPresent()
                ? new FlistException(Kind.FAILED, what, missing + " is not a directory",
                        "remove it first, or check the path")
                : new FlistException(Kind.FAILED, what, "there is no directory " + missing,
                        "make it first, or check the path");
    }

    private static Directory with(Directory directory, Name name, Optional<Entry> replacement) {
        List<Entry> entries = new ArrayList<>(directory.entries().size() + 1);
        for (Entry entry : directory.entries()) {
            if (!entry.name().equals(name)) {
                entries.add(entry);
            }
        }
        replacement.ifPresent(entries::add);
        return directory.withEntries(entries);
    }

    private static Entry require(Flist flist, String what, TreePath path) {
        return flist.lookup(path).orElseThrow(
                () -> new FlistException(Kind.FAILED, what, "there is no such entry",
                        "list the directory to see what is"));
    }

    private static Name requireName(String what, TreePath path) {
        return path.name().orElseThrow(
                () -> new FlistException(Kind.FAILED, what, "the root cannot be replaced or removed",
                        "name an entry below it"));
    }

    private static TreePath parentOf(TreePath path) {
        return path.parent().orElse(TreePath.ROOT);
    }
}
