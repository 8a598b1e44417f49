package zship.flist.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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
    /** Where just these entries wait; without it they were changed, or there are none. */
    private Shelf.@Nullable Address kept;
    private long bytes;

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
        changed();
    }

    void remove(Name name) {
        Draft old = entries().remove(name);
        if (old != null) {
            bytes -= bytes(name, old);
            changed();
        }
    }

    void clear() {
        entries().clear();
        bytes = 0;
        changed();
    }

    /** The entries in the order of their names, as they are now. */
    List<Map.Entry<Name, Draft>> list() {
        return new ArrayList<>(entries().entrySet());
    }

    /** Keeps what is here in memory until {@link #leave} is called as often. */
    void enter() {
        shelf.enter(this);
    }

    void leave() {
        shelf.leave(this);
    }

    /** Lets go of everything. */
    void forget() {
        entries = null;
        changed();
    }

    /** Puts on the shelf what is not in use: what holds something in use is in use itself. */
    void shelve() {
        NavigableMap<Name, Draft> here = entries;
        if (here == null) {
            return;
        }
        boolean inUse = shelf.isInUse(this);
        for (Draft draft : here.values()) {
            if (draft instanceof Folder folder) {
                inUse |= !putAway(folder.children());
            }
        }
        if (!inUse) {
            kept = kept == null && !here.isEmpty() ? shelf.keep(DraftForm.encode(here)) : kept;
            entries = null;
        }
    }

    /** Puts what is in one of these directories on the shelf; tells whether that was done. */
    private boolean putAway(Children below) {
        if (below.entries != null) {
            Shelf.Address before = below.kept;
            below.shelve();
            if (before == null || !before.equals(below.kept)) {
                // What is kept of this directory names the place where that was.
                changed();
            }
        }
        return below.entries == null && !shelf.isInUse(below);
    }

    private void changed() {
        if (kept != null) {
            shelf.free(kept);
            kept = null;
        }
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
