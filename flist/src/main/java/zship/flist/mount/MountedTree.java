package zship.flist.mount;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Name;
import zship.flist.TreePath;

/**
 * The entries of a tree by number, as the kernel knows them: the root is 1, and the entries of one directory have numbers one
 * after the other in the order of their names.
 */
final class MountedTree {
    static final long ROOT = 1;

    private final List<Entry> entries = new ArrayList<>();
    private int[] parents = new int[64];
    private int[] firstChildren = new int[64];

    MountedTree(Directory root) {
        add(root, 0);
        for (int at = 0; at < entries.size(); at++) {
            firstChildren[at] = entries.size();
            if (entries.get(at) instanceof Directory directory) {
                for (Entry child : directory.entries()) {
                    add(child, at);
                }
            }
        }
    }

    private void add(Entry entry, int parent) {
        if (parents.length == entries.size()) {
            parents = Arrays.copyOf(parents, parents.length * 2);
            firstChildren = Arrays.copyOf(firstChildren, firstChildren.length * 2);
        }
        parents[entries.size()] = parent;
        entries.add(entry);
    }

    int size() {
        return entries.size();
    }

    boolean has(long node) {
        return node >= ROOT && node <= entries.size();
    }

    Entry entry(long node) {
        return entries.get((int) node - 1);
    }

    /** The directory that holds an entry; the root's is the root. */
    long parent(long node) {
        return parents[(int) node - 1] + 1L;
    }

    /** The number of the entry at {@code index} in the directory {@code node}. */
    long child(long node, int index) {
        return firstChildren[(int) node - 1] + index + 1L;
    }

    /** The number of the entry named so in a directory; 0 when there is none. */
    long find(long node, byte[] name) {
        if (!(entry(node) instanceof Directory directory) || name.length > Name.MAX_BYTES) {
            return 0;
        }
        int low = 0;
        int high = directory.entries().size() - 1;
        Name wanted;
        try {
            wanted = Name.of(name);
        } catch (IllegalArgumentException e) {
            return 0;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = directory.entries().get(middle).name().compareTo(wanted);
            if (order == 0) {
                return child(node, middle);
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return 0;
    }

    TreePath path(long node) {
        List<Name> names = new ArrayList<>();
        for (long at = node; at != ROOT; at = parent(at)) {
            names.add(entry(at).name());
        }
        Collections.reverse(names);
        return new TreePath(names);
    }
}
