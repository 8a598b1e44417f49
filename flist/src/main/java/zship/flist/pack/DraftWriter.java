package zship.flist.pack;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;

import zship.flist.AttributePool;
import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.FlistWriter;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.SpecialEntry;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.pack.Draft.Facts;
import zship.flist.pack.Draft.Folder;

/** Writes the tree of drafts whose contents are complete, directory by directory, and lets go of each. Used by one thread. */
final class DraftWriter {
    /** Bytes of drafts that there is memory for beside them to have their entries as well. */
    private static final long SMALL = 4 << 20;

    private final FlistWriter flist;
    private final BlockTable blocks;
    private final OwnerNames names;
    private final long created;
    private final AttributePool pool = new AttributePool();
    private final Losses losses = new Losses();
    private final BitSet used = new BitSet();
    private final LongSummaryStatistics sizes = new LongSummaryStatistics();

    DraftWriter(FlistWriter flist, BlockTable blocks, OwnerNames names, long created) {
        this.flist = flist;
        this.blocks = blocks;
        this.names = names;
        this.created = created;
    }

    /** Writes a tree, which is empty then. */
    void write(Folder root) {
        losses.addTime(root.facts().modified(), () -> TreePath.ROOT);
        write(TreePath.ROOT, root);
    }

    /** What an flist or a node cannot carry of it. */
    Losses losses() {
        return losses;
    }

    /** Bytes in regular files. */
    long bytes() {
        return sizes.getSum();
    }

    /** Regular files. */
    int files() {
        return Math.toIntExact(sizes.getCount());
    }

    /** Distinct chunks. */
    int chunks() {
        return used.cardinality();
    }

    /** The ids of these. */
    Iterable<ChunkId> ids() {
        return () -> used.stream().mapToObj(number -> blocks.block(number).id()).iterator();
    }

    private void write(TreePath path, Folder folder) {
        for (Map.Entry<Name, Folder> below : writeOne(path, folder)) {
            write(path.resolve(below.getKey()), below.getValue());
        }
    }

    /** Returns the directories in it, which are all that has to be kept of it. */
    private List<Map.Entry<Name, Folder>> writeOne(TreePath path, Folder folder) {
        List<Map.Entry<Name, Draft>> children = folder.children().list();
        Attributes attributes = attributes(folder.facts());
        Entries made = new Entries(children);
        List<Entry> entries = folder.children().bytes() > SMALL ? made : List.copyOf(made);
        flist.add(path, attributes, entries);
        losses.add(path, attributes, entries);
        List<Map.Entry<Name, Folder>> below = new ArrayList<>();
        for (Map.Entry<Name, Draft> child : children) {
            losses.addTime(child.getValue().facts().modified(), () -> path.resolve(child.getKey()));
            if (child.getValue() instanceof Folder inner) {
                below.add(Map.entry(child.getKey(), inner));
            } else if (child.getValue() instanceof Draft.Data data) {
                count(data.content());
            }
        }
        folder.children().forget();
        return below;
    }

    private void count(FileContent content) {
        sizes.accept(content.size());
        for (int number : content.numbers()) {
            used.set(number);
        }
    }

    private Attributes attributes(Facts facts) {
        Permissions permissions = new Permissions(names.user(facts.uid()), names.group(facts.gid()), facts.mode(),
                facts.uid(), facts.gid());
        return pool.attributes(permissions, Attributes.clampTime(facts.modified()), created);
    }

    private Entry entry(Name name, Draft draft) {
        // Links have no rights of their own, whatever an archive says; that is written so.
        Attributes attributes = attributes(
                draft instanceof Draft.Link link ? link.facts().withMode(0777) : draft.facts());
        return switch (draft) {
            case Folder folder -> Directory.of(name, attributes, List.of());
            case Draft.Data data -> new FileEntry(name, attributes, data.content().size(), ChunkCodec.PIECE_SIZE,
                    blocks.blocks(data.content().numbers()));
            case Draft.Link link -> LinkEntry.of(name, attributes, link.target());
            case Draft.Node node -> new SpecialEntry(name, attributes, node.kind(), node.major(), node.minor());
        };
    }

    /** Entries that are made each time they are asked for: there is not always memory for them beside their drafts. */
    private final class Entries extends AbstractList<Entry> {
        private final List<Map.Entry<Name, Draft>> drafts;

        Entries(List<Map.Entry<Name, Draft>> drafts) {
            this.drafts = drafts;
        }

        @Override
        public Entry get(int index) {
            Map.Entry<Name, Draft> draft = drafts.get(index);
            return entry(draft.getKey(), draft.getValue());
        }

        @Override
        public int size() {
            return drafts.size();
        }
    }
}
