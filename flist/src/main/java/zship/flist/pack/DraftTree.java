package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.pack.Draft.Facts;
import zship.flist.pack.Draft.Folder;

/**
 * The tree while it is being read. Directories that there is no memory for wait on a {@link Shelf}, so nobody may hold on to one
 * while others are put into the tree: they are named by their paths. Used by one thread.
 */
final class DraftTree {
    private static final byte[] WHITEOUT = ".wh.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOT = {'.'};
    private static final byte[] DOT_DOT = {'.', '.'};
    private static final Name OPAQUE = Name.of(".wh..wh..opq");

    /** Deeper trees cannot be read back. */
    private static final int MAX_DEPTH = 1024;

    private final OwnerNames names;
    private final Optional<DraftTree> below;
    private final Space space;
    private final Shelf shelf;
    private Folder root;
    private Last last;

    /**
     * Where the last entry was put.
     *
     * @param above bytes of the directories that it is in, which are in memory with it
     */
    private record Last(TreePath path, Children children, long above) {
    }

    /** How much a tree with all its layers may be: an archive of little but names grows a thousandfold. */
    private static final class Space {
        private final PackOptions.Room room;
        private long used;

        Space(PackOptions.Room room) {
            this.room = room;
        }

        void take(long inDirectories, long bytes) {
            require(inDirectories, bytes);
            used += bytes;
        }

        void require(long inDirectories, long bytes) {
            if (bytes > room.largestTree() - used) {
                throw new IllegalArgumentException("the tree has more entries than fit into the room that is for it");
            }
            if (bytes > room.largestDirectory() - inDirectories) {
                throw new IllegalArgumentException("its directory, and those that this is in,"
                        + " have more entries than fit into the memory that is for one");
            }
        }
    }

    /**
     * An empty tree.
     *
     * @param shelf where directories wait that there is no memory for
     * @param room for it
     */
    DraftTree(Shelf shelf, PackOptions.Room room) {
        this(new OwnerNames(), Optional.empty(), new Space(room), shelf);
    }

    /** An empty layer over {@code below}, where hard links may point. Both collect names of owners in one place. */
    DraftTree(DraftTree below) {
        this(below.names, Optional.of(below), below.space, below.shelf);
    }

    private DraftTree(OwnerNames names, Optional<DraftTree> below, Space space, Shelf shelf) {
        this.names = names;
        this.below = below;
        this.space = space;
        this.shelf = shelf;
        this.root = new Folder(Facts.IMPLIED_DIRECTORY, new Children(shelf));
        this.last = new Last(TreePath.ROOT, root.children(), 0);
    }

    /** Where names of owners are collected. */
    OwnerNames names() {
        return names;
    }

    Folder root() {
        return root;
    }

    /** An empty directory, to be put into this tree. */
    Folder folder(Facts facts) {
        return new Folder(facts, new Children(shelf));
    }

    /** Sets the root's own attributes. */
    void rootFacts(Facts facts) {
        root = root.withFacts(facts);
    }

    /**
     * Puts an entry in place. A directory over a directory keeps what is in it; anything else replaces what was there.
     *
     * @throws IllegalArgumentException when something above {@code path} is not a directory, or the tree is too deep or large
     */
    void put(TreePath path, Draft draft) {
        Optional<Name> name = path.name();
        if (name.isEmpty()) {
            rootFacts(draft.facts());
        } else {
            put(path.parent().orElse(TreePath.ROOT), name.get(), draft);
        }
    }

    /** Like {@link #put(TreePath, Draft)}, in the directory at {@code parent}. */
    void put(TreePath parent, Name name, Draft draft) {
        requireDepth(parent.depth() + 1);
        tidy();
        Children siblings = children(parent);
        Draft old = siblings.find(name).orElse(null);
        Draft fresh = draft instanceof Folder && old instanceof Folder folder ? folder.withFacts(draft.facts()) : draft;
        space.take(last.above + siblings.bytes(), Children.bytes(name, fresh));
        siblings.put(name, fresh);
        if (old instanceof Folder && !(fresh instanceof Folder)) {
            forgetLast();
        }
    }

    /**
     * Makes sure that a file may have so many pieces, while it is read: holes are cheap in an archive.
     *
     * @throws IllegalArgumentException when there is no room for their list
     */
    void requireRoomFor(long pieces) {
        space.require(0, Children.PIECE_BYTES * pieces);
    }

    private static void requireDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it is deeper than " + MAX_DEPTH + " directories");
        }
    }

    /** The entry at {@code path}, if there is one. */
    Optional<Draft> find(TreePath path) {
        Optional<Draft> draft = Optional.of(root);
        for (Name name : path.names()) {
            draft = draft.flatMap(in -> in instanceof Folder folder ? folder.children().find(name) : Optional.empty());
        }
        return draft.isPresent() ? draft : below.flatMap(tree -> tree.find(path));
    }

    /**
     * Lays {@code layer} over this tree, as image layers are: a directory over a directory is joined, {@code .wh.NAME} removes
     * NAME below it, {@code .wh..wh..opq} everything in its directory, anything else replaces. A directory that the layer does
     * not list, but has something in, may be a link here: containerd then follows it.
     *
     * @throws IllegalArgumentException when links make the tree too deep
     */
    void overlay(DraftTree layer) {
        forgetLast();
        overlay(Place.root(root), layer.root, List.of(root, layer.root));
        if (layer.root.facts() != Facts.IMPLIED_DIRECTORY) {
            rootFacts(layer.root.facts());
        }
    }

    private void overlay(Place lower, Folder upper, List<Folder> roots) {
        Children children = lower.folder().children();
        lower.chain().forEach(place -> place.folder().children().enter());
        upper.children().enter();
        List<Map.Entry<Name, Draft>> over = upper.children().list();
        if (upper.children().find(OPAQUE).isPresent()) {
            children.clear();
        }
        over.forEach(entry -> removedName(entry.getKey()).ifPresent(children::remove));
        for (Map.Entry<Name, Draft> entry : over) {
            if (!isWhiteout(entry.getKey())) {
                // Each layer is checked for itself, but a link can lead its entries to where those of others end.
                requireDepth(lower.depth() + 1);
                lay(lower, entry.getKey(), entry.getValue(), roots);
                shelf.tidy(roots);
            }
        }
        lower.chain().forEach(place -> place.folder().children().leave());
        upper.children().leave();
        upper.children().forget();
    }

    private void lay(Place in, Name name, Draft draft, List<Folder> roots) {
        Children children = in.folder().children();
        space.require(children.bytes(), Children.bytes(name, draft));
        if (!(draft instanceof Folder upper)) {
            children.put(name, draft);
            return;
        }
        Draft old = children.find(name).orElse(null);
        boolean implied = upper.facts() == Facts.IMPLIED_DIRECTORY;
        Optional<Place> target = old instanceof Draft.Link link && implied ? in.follow(link) : Optional.empty();
        if (target.isPresent()) {
            overlay(target.get(), upper, roots);
            return;
        }
        // A directory that is new in a layer may still hold whiteouts, which then have nothing to remove.
        Folder lower = old instanceof Folder folder ? folder : folder(upper.facts());
        Folder joined = implied ? lower : lower.withFacts(upper.facts());
        children.put(name, joined);
        overlay(in.below(joined), upper, roots);
    }

    private static boolean isWhiteout(Name name) {
        return name.equals(OPAQUE) || removedName(name).isPresent();
    }

    private static Optional<Name> removedName(Name name) {
        byte[] bytes = name.bytes();
        boolean whiteout = bytes.length > WHITEOUT.length
                && Arrays.equals(bytes, 0, WHITEOUT.length, WHITEOUT, 0, WHITEOUT.length) && !name.equals(OPAQUE);
        byte[] rest = whiteout ? Arrays.copyOfRange(bytes, WHITEOUT.length, bytes.length) : DOT;
        return Arrays.equals(rest, DOT) || Arrays.equals(rest, DOT_DOT) ? Optional.empty() : Optional.of(Name.of(rest));
    }

    /**
     * Names of the owners, once the tree is complete. Files that named owners and were removed later do not count.
     */
    OwnerNames owners() {
        if (!(find(OwnerNames.PASSWD).orElse(null) instanceof Draft.Data)) {
            names.readPasswd(new byte[0]);
        }
        if (!(find(OwnerNames.GROUP).orElse(null) instanceof Draft.Data)) {
            names.readGroup(new byte[0]);
        }
        return names;
    }

    /** The directory that the next entry is likely to be put into stays. */
    private void tidy() {
        last.children.enter();
        shelf.tidy(below.map(tree -> List.of(root, tree.root)).orElseGet(() -> List.of(root)));
        last.children.leave();
    }

    private void forgetLast() {
        last = new Last(TreePath.ROOT, root.children(), 0);
    }

    /** What is in a directory, which comes to be if it is not there. Most entries come after another one of theirs. */
    private Children children(TreePath path) {
        if (!path.equals(last.path)) {
            Children children = root.children();
            long above = 0;
            for (Name name : path.names()) {
                Folder below = folder(children, name, above);
                above += children.bytes();
                children = below.children();
            }
            last = new Last(path, children, above);
        }
        return last.children;
    }

    private Folder folder(Children in, Name name, long above) {
        Draft draft = in.find(name).orElse(null);
        if (draft == null) {
            Folder implied = folder(Facts.IMPLIED_DIRECTORY);
            space.take(above + in.bytes(), Children.bytes(name, implied));
            in.put(name, implied);
            return implied;
        }
        if (draft instanceof Folder folder) {
            return folder;
        }
        throw new IllegalArgumentException("'" + name + "' on the way to it is not a directory");
    }
}
