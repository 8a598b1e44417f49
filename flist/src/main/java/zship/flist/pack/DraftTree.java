package zship.flist.pack;

import java.util.Optional;

import zship.flist.Directory;
import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.pack.Draft.Facts;
import zship.flist.pack.Draft.Folder;

/** The tree while it is being read. Used by one thread. */
final class DraftTree {
    private final OwnerNames names = new OwnerNames();
    private Folder root = Folder.empty(Facts.IMPLIED_DIRECTORY);

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
                return Optional.empty();
            }
            draft = next;
        }
        return Optional.of(draft);
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
