package zship.flist.pack;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import zship.flist.AttributePool;
import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.SpecialEntry;
import zship.flist.chunk.ChunkCodec;

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
    record Folder(Facts facts, Map<Name, Draft> children) implements Draft {
        static Folder empty(Facts facts) {
            return new Folder(facts, new TreeMap<>());
        }

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

    /** Makes the final tree of drafts whose contents are complete, and lets go of these: there is not always memory for both. */
    record Finisher(OwnerNames names, long created, AttributePool pool) {
        Directory root(Folder folder) {
            return Directory.root(attributes(folder.facts), entries(folder));
        }

        private List<Entry> entries(Folder folder) {
            List<Entry> entries = new ArrayList<>(folder.children.size());
            for (Iterator<Map.Entry<Name, Draft>> rest = folder.children.entrySet().iterator(); rest.hasNext();) {
                Map.Entry<Name, Draft> next = rest.next();
                entries.add(entry(next.getKey(), next.getValue()));
                rest.remove();
            }
            return entries;
        }

        private Entry entry(Name name, Draft draft) {
            // Links have no rights of their own, whatever an archive says; that is written so.
            Attributes attributes = attributes(draft instanceof Link link ? link.facts.withMode(0777) : draft.facts());
            return switch (draft) {
                case Folder folder -> Directory.of(name, attributes, entries(folder));
                case Data data -> new FileEntry(name, attributes, data.content.size(), ChunkCodec.PIECE_SIZE,
                        data.content.blocks());
                case Link link -> LinkEntry.of(name, attributes, link.target);
                case Node node -> new SpecialEntry(name, attributes, node.kind, node.major, node.minor);
            };
        }

        private Attributes attributes(Facts facts) {
            Permissions permissions = new Permissions(names.user(facts.uid), names.group(facts.gid), facts.mode,
                    facts.uid, facts.gid);
            return pool.attributes(permissions, Attributes.clampTime(facts.modified), created);
        }
    }
}
