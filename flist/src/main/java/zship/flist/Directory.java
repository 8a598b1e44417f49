package zship.flist;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** A directory with its entries, sorted by name. Names are unique. The root's name is empty, see {@link #isRoot}. */
public final class Directory implements Entry {
    /** What a directory reports as its size; the size on the build host's file system means nothing elsewhere. */
    public static final long SIZE = 4096;

    private final @Nullable Name name;
    private final Attributes attributes;
    private final List<Entry> entries;

    private Directory(@Nullable Name name, Attributes attributes, List<Entry> entries) {
        this.name = name;
        this.attributes = attributes;
        this.entries = entries;
    }

    /**
     * A directory below some other one.
     *
     * @throws IllegalArgumentException when two entries have one name
     */
    public static Directory of(Name name, Attributes attributes, Collection<Entry> entries) {
        return new Directory(name, attributes, sorted(entries));
    }

    /**
     * The root of a tree.
     *
     * @throws IllegalArgumentException when two entries have one name
     */
    public static Directory root(Attributes attributes, Collection<Entry> entries) {
        return new Directory(null, attributes, sorted(entries));
    }

    private static List<Entry> sorted(Collection<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort((a, b) -> a.name().compareTo(b.name()));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
                throw new IllegalArgumentException("two entries are named '" + sorted.get(i).name() + "'");
            }
        }
        return Collections.unmodifiableList(sorted);
    }

    /**
     * The name.
     *
     * @throws IllegalStateException for the root, which has none
     */
    @Override
    public Name name() {
        if (name == null) {
            throw new IllegalStateException("the root has no name");
        }
        return name;
    }

    /** Whether this is the root of a tree. */
    public boolean isRoot() {
        return name == null;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    /** The entries in byte order of their names. */
    public List<Entry> entries() {
        return entries;
    }

    /** The entry of this name, if there is one. */
    public Optional<Entry> find(Name wanted) {
        int low = 0;
        int high = entries.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = entries.get(middle).name().compareTo(wanted);
            if (order == 0) {
                return Optional.of(entries.get(middle));
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Optional.empty();
    }

    @Override
    public long size() {
        return SIZE;
    }

    @Override
    public Directory withName(Name other) {
        return new Directory(other, attributes, entries);
    }

    @Override
    public Directory withAttributes(Attributes other) {
        return new Directory(name, other, entries);
    }

    /**
     * The same directory with other entries.
     *
     * @throws IllegalArgumentException when two entries have one name
     */
    public Directory withEntries(Collection<Entry> others) {
        return new Directory(name, attributes, sorted(others));
    }

    /** Equal when name, attributes and everything below are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Directory directory && Objects.equals(name, directory.name)
                && attributes.equals(directory.attributes) && entries.equals(directory.entries);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, attributes, entries.size());
    }

    @Override
    public String toString() {
        return "Directory[" + (name == null ? "/" : name) + ", " + entries.size() + " entries, " + attributes + "]";
    }
}
