package zship.flist.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import zship.flist.Name;
import zship.flist.pack.Draft.Folder;

/**
 * What is in a directory while a tree is being read: in memory, or on a {@link Shelf}, from where it comes back when it is asked
 * for. Used by one thread.
 */
final class Children {
    /** What an entry takes besides its name and its target: objects of the draft. */
    private static final int ENTRY_BYTES = 256;
    /** What a piece takes in each entry that has it, most of it in the row that is made in the end: hard links are cheap to write. */
    static final int PIECE_BYTES = 64;

    private final Shelf shelf;
    private @Nullable NavigableMap<Name, Draft> entries;
    private Shelf.@Nullable Address kept;
    private boolean changed;
    private long bytes;
    private int users;

    /** None yet. */
    Children(Shelf shelf) {
        this(shelf, null);
    }

    /** Those that were kept at an address; without one, none. */
    Children(Shelf shelf, Shelf.@Nullable Address kept) {
        this.shelf = shelf;
        this.kept = kept;
    }

    /** What an entry takes in memory. */
    static long bytes(Name name, Draft draft) {
        return ENTRY_BYTES + name.length() + switch (draft) {
            case Draft.Link link -> link.target().length;
            case Draft.Data data -> (long) PIECE_BYTES * data.content().pieces();
            case Folder folder -> 0;
            case Draft.Node node -> 0;
        };
    }

    /** What is here takes so much in memory, roughly. */
    long bytes() {
        entries();
        return bytes;
    }

    Optional<Draft> find(Name name) {
        return Optional.ofNullable(entries().get(name));
    }

    /** Puts an entry here, in the place of what has its name. */
    void put(Name name, Draft draft) {
        remove(name);
        entries().put(name, draft);
        long more = bytes(name, draft);
        bytes += more;
        shelf.takes(more);
        changed = true;
    }

    void remove(Name name) {
        Draft old = entries().remove(name);
        if (old != null) {
            bytes -= bytes(name, old);
            changed = true;
        }
    }

    void clear() {
        entries().clear();
        bytes = 0;
        changed = true;
    }

    /** The entries in the order of their names, as they are now. */
    List<Map.Entry<Name, Draft>> list() {
        return new ArrayList<>(entries().entrySet());
    }

    /** Keeps what is here in memory until {@link #leave} is called as often. */
    void enter() {
        entries();
        users++;
    }

    void leave() {
        users--;
    }

    /** Lets go of everything. */
    void forget() {
        entries = null;
        kept = null;
    }

    /**
     * Puts on the shelf what is not in use: what holds something in use is in use itself.
     *
     * @return bytes that what is left takes in memory
     */
    long shelve() {
        NavigableMap<Name, Draft> here = entries;
        if (here == null) {
            return 0;
        }
        long left = 0;
        boolean inUse = users > 0;
        for (Draft draft : here.values()) {
            if (draft instanceof Folder folder) {
                Children below = folder.children();
                Shelf.Address before = below.kept;
                left += below.shelve();
                changed |= !Objects.equals(before, below.kept);
                inUse |= below.entries != null;
            }
        }
        if (inUse) {
            return left + bytes;
        }
        if (changed) {
            kept = here.isEmpty() ? null : shelf.keep(DraftForm.encode(here));
        }
        changed = false;
        entries = null;
        return 0;
    }

    /** Where these entries wait. */
    Shelf.@Nullable Address kept() {
        return kept;
    }

    private NavigableMap<Name, Draft> entries() {
        NavigableMap<Name, Draft> here = entries;
        if (here == null) {
            here = kept == null ? new TreeMap<>() : DraftForm.decode(shelf, shelf.kept(kept));
            entries = here;
            bytes = 0;
            here.forEach((name, draft) -> bytes += bytes(name, draft));
            shelf.takes(bytes);
        }
        return here;
    }
}
