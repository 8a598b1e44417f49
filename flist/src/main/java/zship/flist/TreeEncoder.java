package zship.flist;

import java.io.IOException;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import zship.flist.chunk.Blake2b;
import zship.flist.format.FlistDatabaseFile;
import zship.flist.format.WireDirectory;
import zship.flist.format.WireInode;
import zship.flist.format.WireInode.Content;
import zship.flist.format.WireInode.WireBlock;
import zship.flist.format.WirePermissions;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Turns a tree into database rows: one per directory, one per set of permissions. */
final class TreeEncoder {
    private static final byte[] NO_DEVICE = "(nothing)".getBytes(US_ASCII);
    private static final int BLOCK_UNIT = 4096;

    /** Owners and rights whose keys are remembered; a tree has few different ones. */
    private static final int MOST_KEYS = 10_000;

    private final FlistDatabaseFile rows;
    private final Map<Permissions, String> aclKeys = new HashMap<>();

    /** Adds rows to a database. */
    TreeEncoder(FlistDatabaseFile rows) {
        this.rows = rows;
    }

    /** BLAKE2b-128 of the path bytes, without slashes at the ends. */
    static String directoryKey(TreePath path) {
        return HexFormat.of().formatHex(Blake2b.hash128(path.bytes()));
    }

    /** BLAKE2b-64 of the text that zflist has used since April 2022. Readers treat these keys as opaque. */
    static String aclKey(Permissions permissions) {
        String text = "user:" + permissions.user() + "\ngroup:" + permissions.group() + "\nmode:0o"
                + Integer.toOctalString(permissions.mode()) + "\nuid:" + permissions.uid() + "\ngid:"
                + permissions.gid();
        return HexFormat.of().formatHex(Blake2b.hash64(text.getBytes(UTF_8)));
    }

    /**
     * Adds a directory without what is in those below it.
     *
     * @param path where it is
     * @param attributes its own
     * @param entries what is in it, in the order of their names; may be made each time they are asked for
     */
    void add(TreePath path, Attributes attributes, List<Entry> entries) throws IOException {
        addRights(attributes.permissions());
        for (Entry entry : entries) {
            addRights(entry.permissions());
        }
        byte[] name = path.name().map(Name::bytes).orElse(new byte[0]);
        String parent = directoryKey(path.parent().orElse(TreePath.ROOT));
        WireDirectory row = new WireDirectory(name, path.bytes(),
                new Made<>(entries, entry -> inode(entry, path.resolve(entry.name()))), parent, Directory.SIZE,
                key(attributes.permissions()), attributes.modified(), attributes.created());
        rows.add(directoryKey(path), row.encode());
    }

    private WireInode inode(Entry entry, TreePath path) {
        Attributes attributes = entry.attributes();
        Content content = switch (entry) {
            case Directory directory -> new WireInode.Dir(directoryKey(path));
            case FileEntry file -> new WireInode.File(file.pieceSize() / BLOCK_UNIT,
                    new Made<>(file.blocks(), block -> new WireBlock(block.id().bytes(), block.key().bytes())));
            case LinkEntry link -> new WireInode.Link(link.target());
            case SpecialEntry special -> new WireInode.Special(special.kind().ordinal(), device(special));
        };
        return new WireInode(entry.name().bytes(), entry.size(), content, key(attributes.permissions()),
                attributes.modified(), attributes.created());
    }

    /** Raw forms that are made each time they are asked for: those of a large directory or file take more room than it does. */
    private static final class Made<T, R> extends AbstractList<R> {
        private final List<T> sources;
        private final Function<T, R> form;

        Made(List<T> sources, Function<T, R> form) {
            this.sources = sources;
            this.form = form;
        }

        @Override
        public R get(int index) {
            return form.apply(sources.get(index));
        }

        @Override
        public int size() {
            return sources.size();
        }
    }

    private static byte[] device(SpecialEntry special) {
        if (!special.kind().isDevice()) {
            return NO_DEVICE;
        }
        String numbers = special.major() + "," + special.minor();
        return numbers.getBytes(US_ASCII);
    }

    private void addRights(Permissions permissions) throws IOException {
        if (!aclKeys.containsKey(permissions)) {
            rows.add(aclKey(permissions), new WirePermissions(permissions.user(), permissions.group(),
                    permissions.mode(), permissions.uid(), permissions.gid()).encode());
            if (aclKeys.size() < MOST_KEYS) {
                aclKeys.put(permissions, aclKey(permissions));
            }
        }
    }

    private String key(Permissions permissions) {
        String known = aclKeys.get(permissions);
        return known == null ? aclKey(permissions) : known;
    }
}
