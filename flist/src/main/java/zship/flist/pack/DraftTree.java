package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.flist.AttributePool;
import zship.flist.Directory;
import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.pack.Draft.Facts;
import zship.flist.pack.Draft.Folder;

/** The tree while it is being read. Used by one thread. */
final class DraftTree {
    private static final byte[] WHITEOUT = ".wh.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOT = {'.'};
    private static final byte[] DOT_DOT = {'.', '.'};
    private static final Name OPAQUE = Name.of(".wh..wh..opq");

    /** Deeper trees cannot be read back. */
    private static final int MAX_DEPTH = 1024;
    /** What an entry takes besides its name and its target: objects of the draft. */
    private static final int ENTRY_BYTES = 256;
    /** What a piece takes in each entry that has it, in the draft and in what is made of it: hard links are cheap to write. */
    private static final int PIECE_BYTES = 64;

    private final OwnerNames names;
    private final Optional<DraftTree> below;
    private final Space space;
    private Folder root = Folder.empty(Facts.IMPLIED_DIRECTORY);

    /** What is left of the memory for all layers together: an archive of little but names grows a thousandfold. */
    private static final class Space {
        private final long largest;
        private long used;

        Space(long largest) {
            this.largest = largest;
        }

        void take(long bytes) {
            require(bytes);
            used += bytes;
        }

        void require(long bytes) {
            if (bytes > largest - used) {
                throw new IllegalArgumentException("the tree has more entries than fit into the memory that is for it");
            }
        }
    }

    /** An empty tree for which there are some bytes of memory. */
    DraftTree(long largest) {
        this.below = Optional.empty();
        this.names = new OwnerNames();
        this.space = new Space(largest);
    }

    /** An empty layer over {@code below}, where hard links may point. Both collect names of owners in one place. */
    DraftTree(DraftTree below) {
        this.below = Optional.of(below);
        this.names = below.names;
        this.space = below.space;
    }

    /** Where names of owners are collected. */
    OwnerNames names() {
        return names;
    }

    Folder root() {
        return root;
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
        requireDepth(path.depth());
        Optional<Name> name = path.name();
        if (name.isEmpty()) {
            rootFacts(draft.facts());
            return;
        }
        Folder parent = folder(path.parent().orElse(TreePath.ROOT));
        Draft old = parent.children().get(name.get());
        Draft fresh = draft instanceof Folder && old instanceof Folder folder ? folder.withFacts(draft.facts()) : draft;
        put(parent, path.depth(), name.get(), fresh);
    }

    /**
     * Puts an entry into a directory of this tree, in the place of what was there.
     *
     * @param depth of the entry; those of the root have 1
     * @throws IllegalArgumentException when the tree is too deep or large
     */
    void put(Folder parent, int depth, Name name, Draft draft) {
        requireDepth(depth);
        space.take(ENTRY_BYTES + name.length() + bytes(draft));
        parent.children().put(name, draft);
    }

    /**
     * Makes sure that a file may have so many pieces, while it is read: holes are cheap in an archive.
     *
     * @throws IllegalArgumentException when there is no room for their list
     */
    void requireRoomFor(long pieces) {
        space.require(PIECE_BYTES * pieces);
    }

    private static long bytes(Draft draft) {
        return switch (draft) {
            case Draft.Link link -> link.target().length;
            case Draft.Data data -> (long) PIECE_BYTES * data.content().pieces();
            case Folder folder -> 0;
            case Draft.Node node -> 0;
        };
    }

    private static void requireDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it is deeper than " + MAX_DEPTH + " directories");
        }
    }

    /** The entry at {@code path}, if there is one. */
    Optional<Draft> find(TreePath path) {
        Draft draft = root;
        for (Name name : path.names()) {
            Draft next = draft instanceof Folder folder ? folder.children().get(name) : null;
            if (next == null) {
                return below.flatMap(tree -> tree.find(path));
            }
            draft = next;
        }
        return Optional.of(draft);
    }

    /**
     * Lays {@code layer} over this tree, as image layers are: a directory over a directory is joined, {@code .wh.NAME} removes
     * NAME below it, {@code .wh..wh..opq} everything in its directory, anything else replaces. A directory that the layer does
     * not list, but has something in, may be a link here: containerd then follows it.
     *
     * @throws IllegalArgumentException when links make the tree too deep
     */
    void overlay(DraftTree layer) {
        overlay(Place.root(root), layer.root);
        if (layer.root.facts() != Facts.IMPLIED_DIRECTORY) {
            rootFacts(layer.root.facts());
        }
    }

    private static void overlay(Place lower, Folder upper) {
        Map<Name, Draft> children = lower.folder().children();
        if (upper.children().containsKey(OPAQUE)) {
            children.clear();
        }
        upper.children().keySet().forEach(name -> removedName(name).ifPresent(children::remove));
        upper.children().forEach((name, draft) -> {
            if (!isWhiteout(name)) {
                // Each layer is checked for itself, but a link can lead its entries to where those of others end.
                requireDepth(lower.depth() + 1);
                children.put(name, laid(lower, children.get(name), draft));
            }
        });
    }

    private static Draft laid(Place in, @Nullable Draft old, Draft draft) {
        boolean implied = draft.facts() == Facts.IMPLIED_DIRECTORY;
        if (old instanceof Folder lower && draft instanceof Folder upper) {
            overlay(in.below(lower), upper);
            return implied ? lower : lower.withFacts(upper.facts());
        }
        if (old instanceof Draft.Link link && draft instanceof Folder upper && implied) {
            Optional<Place> target = in.follow(link);
            if (target.isPresent()) {
                overlay(target.get(), upper);
                return link;
            }
        }
        return strippedOfWhiteouts(in, draft);
    }

    /** A directory that is new in a layer may still hold whiteouts, which then have nothing to remove. */
    private static Draft strippedOfWhiteouts(Place in, Draft draft) {
        if (draft instanceof Folder folder) {
            Folder copy = Folder.empty(folder.facts());
            overlay(in.below(copy), folder);
            return copy;
        }
        return draft;
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
     * The final tree, once every content is complete; this one is empty then. Files that named owners and were removed later do
     * not count.
     */
    Directory finish(long created) {
        if (!(find(OwnerNames.PASSWD).orElse(null) instanceof Draft.Data)) {
            names.readPasswd(new byte[0]);
        }
        if (!(find(OwnerNames.GROUP).orElse(null) instanceof Draft.Data)) {
            names.readGroup(new byte[0]);
        }
        return new Draft.Finisher(names, created, new AttributePool()).root(root);
    }

    private Folder implied(Name name) {
        space.take(ENTRY_BYTES + name.bytes().length);
        return Folder.empty(Facts.IMPLIED_DIRECTORY);
    }

    private Folder folder(TreePath path) {
        Folder folder = root;
        for (Name name : path.names()) {
            Draft next = folder.children().computeIfAbsent(name, this::implied);
            if (!(next instanceof Folder below)) {
                throw new IllegalArgumentException("'" + name + "' on the way to it is not a directory");
            }
            folder = below;
        }
        return folder;
    }
}
