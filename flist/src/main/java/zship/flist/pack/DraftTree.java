package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

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

    private final OwnerNames names;
    private final Optional<DraftTree> below;
    private Folder root = Folder.empty(Facts.IMPLIED_DIRECTORY);

    /** An empty tree. */
    DraftTree() {
        this.below = Optional.empty();
        this.names = new OwnerNames();
    }

    /** An empty layer over {@code below}, where hard links may point. Both collect names of owners in one place. */
    DraftTree(DraftTree below) {
        this.below = Optional.of(below);
        this.names = below.names;
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
     * @throws IllegalArgumentException when something above {@code path} is not a directory
     */
    void put(TreePath path, Draft draft) {
        Optional<Name> name = path.name();
        if (name.isEmpty()) {
            rootFacts(draft.facts());
            return;
        }
        Folder parent = folder(path.parent().orElse(TreePath.ROOT));
        Draft old = parent.children().get(name.get());
        Draft fresh = draft instanceof Folder && old instanceof Folder folder ? folder.withFacts(draft.facts()) : draft;
        parent.children().put(name.get(), fresh);
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
     * NAME below it, {@code .wh..wh..opq} everything in its directory, anything else replaces.
     */
    void overlay(DraftTree layer) {
        overlay(root, layer.root);
        if (layer.root.facts() != Facts.IMPLIED_DIRECTORY) {
            rootFacts(layer.root.facts());
        }
    }

    private static void overlay(Folder lower, Folder upper) {
        if (upper.children().containsKey(OPAQUE)) {
            lower.children().clear();
        }
        upper.children().keySet().forEach(name -> removedName(name).ifPresent(lower.children()::remove));
        upper.children().forEach((name, draft) -> {
            if (!isWhiteout(name)) {
                lower.children().compute(name, (key, old) -> laid(old, draft));
            }
        });
    }

    private static Draft laid(@Nullable Draft old, Draft draft) {
        if (old instanceof Folder lower && draft instanceof Folder upper) {
            overlay(lower, upper);
            return upper.facts() == Facts.IMPLIED_DIRECTORY ? lower : lower.withFacts(upper.facts());
        }
        return strippedOfWhiteouts(draft);
    }

    /** A directory that is new in a layer may still hold whiteouts, which then have nothing to remove. */
    private static Draft strippedOfWhiteouts(Draft draft) {
        if (draft instanceof Folder folder) {
            Folder copy = Folder.empty(folder.facts());
            overlay(copy, folder);
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

    /** The final tree, once every content is complete. */
    Directory finish(long created) {
        return new Draft.Finisher(names, created).root(root);
    }

    private Folder folder(TreePath path) {
        Folder folder = root;
        for (Name name : path.names()) {
            Draft next = folder.children().computeIfAbsent(name, missing -> Folder.empty(Facts.IMPLIED_DIRECTORY));
            if (!(next instanceof Folder below)) {
                throw new IllegalArgumentException("'" + name + "' on the way to it is not a directory");
            }
            folder = below;
        }
        return folder;
    }
}
