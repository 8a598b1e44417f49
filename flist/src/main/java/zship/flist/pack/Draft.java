package zship.flist.pack;

import zship.flist.LinkEntry;
import zship.flist.SpecialEntry;

/** An entry while a tree is being read: owners are still numbers only, contents may still be being encoded. */
sealed interface Draft {
    /** What the source knows about any entry. */
    record Facts(int mode, long uid, long gid, long modified) {
        /** For directories that a source does not list although it has something in them. */
        static final Facts IMPLIED_DIRECTORY = new Facts(0755, 0, 0, 0);

        Facts withMode(int other) {
            return new Facts(other, uid, gid, modified);
        }
    }

    /** A directory, filled as reading goes on. */
    record Folder(Facts facts, Children children) implements Draft {
        Folder withFacts(Facts others) {
            return new Folder(others, children);
        }
    }

    /** A regular file; hard links share the content. */
    record Data(Facts facts, FileContent content) implements Draft {
    }

    /** A symbolic link. */
    record Link(Facts facts, byte[] target) implements Draft {
        /** Checks the target. */
        public Link {
            LinkEntry.requireTarget("its target", target);
        }
    }

    /** A device, pipe or socket. */
    record Node(Facts facts, SpecialEntry.Kind kind, long major, long minor) implements Draft {
    }

    Facts facts();
}
