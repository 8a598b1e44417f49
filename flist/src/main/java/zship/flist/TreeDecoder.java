package zship.flist;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import zship.flist.SpecialEntry.Kind;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;
import zship.flist.format.MalformedFlistException;
import zship.flist.format.WireDirectory;
import zship.flist.format.WireInode;
import zship.flist.format.WirePermissions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Turns database rows into a tree.
 *
 * <p>Keys of permission rows are opaque: three generations of writers computed them differently. Where a directory has two
 * entries of one name, the first counts, as nodes do it: but they look for the row of a directory with that path before anything
 * else, so a directory comes before a file. Rights and times of a directory are those of its own row, which are
 * the ones nodes show.
 */
final class TreeDecoder {
    /** Deeper trees than Linux paths of 4096 bytes can reasonably name are refused. */
    static final int MAX_DEPTH = 1024;

    private static final int BLOCK_UNIT = 4096;
    private static final int TYPE_BITS = 0170000;

    private final Map<String, byte[]> rows;
    private final Map<String, WirePermissions> acls = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private final AttributePool pool = new AttributePool();

    private TreeDecoder(Map<String, byte[]> rows) {
        this.rows = rows;
    }

    /** Takes the rows out of the map while the tree grows: there is not always memory for both. */
    static Directory decode(Map<String, byte[]> rows) throws MalformedFlistException {
        TreeDecoder decoder = new TreeDecoder(rows);
        Row root = decoder.row(TreeEncoder.directoryKey(TreePath.ROOT), TreePath.ROOT);
        return Directory.root(root.attributes, root.entries);
    }

    /** What a row says of a directory: files and other entries are made while it is read, directories have rows of their own. */
    private record Row(Attributes attributes, List<Entry> entries, Map<Name, String> directories) {
    }

    /** A row with all that is below it. */
    private Row row(String key, TreePath path) throws MalformedFlistException {
        Row row = read(take(key, path), path);
        for (Map.Entry<Name, String> directory : row.directories.entrySet()) {
            Row below = row(directory.getValue(), path.resolve(directory.getKey()));
            row.entries.add(Directory.of(directory.getKey(), below.attributes, below.entries));
        }
        return row;
    }

    private byte[] take(String key, TreePath path) throws MalformedFlistException {
        if (used.contains(key)) {
            throw new MalformedFlistException("the directory " + path + " is also somewhere else in the tree");
        }
        byte[] value = rows.remove(key);
        if (value == null) {
            throw new MalformedFlistException("the row of directory " + path + " is missing");
        }
        used.add(key);
        if (path.depth() > MAX_DEPTH) {
            throw new MalformedFlistException("the tree is deeper than " + MAX_DEPTH + " directories");
        }
        return value;
    }

    private Row read(byte[] value, TreePath path) throws MalformedFlistException {
        Contents contents = new Contents(path);
        try {
            WireDirectory directory = WireDirectory.decode(value, contents);
            // Once for all: there may be as many as there are entries.
            if (!contents.hidden.isEmpty()) {
                contents.entries.removeIf(entry -> contents.hidden.contains(entry.name()));
            }
            return new Row(attributes(directory, path), contents.entries, contents.directories);
        } catch (MalformedFlistException e) {
            throw new MalformedFlistException("directory " + path + ": " + e.getMessage());
        }
    }

    private final class Contents implements WireDirectory.Sink {
        private final TreePath path;
        private final List<Entry> entries = new ArrayList<>();
        private final Map<Name, String> directories = new LinkedHashMap<>();
        private final Set<Name> names = new HashSet<>();
        /** Names of entries that a directory comes before. */
        private final Set<Name> hidden = new HashSet<>();

        Contents(TreePath path) {
            this.path = path;
        }

        @Override
        public void accept(WireInode inode) throws MalformedFlistException {
            Name name = name(inode);
            if (inode.content() instanceof WireInode.Unknown) {
                return;
            }
            TreePath at = path.resolve(name);
            if (!names.add(name)) {
                if (!comesFirst(inode.content(), at)) {
                    return;
                }
                hidden.add(name);
            }
            Attributes attributes = attributes(inode.aclKey(), inode.modified(), inode.created(), at);
            switch (inode.content()) {
                case WireInode.Dir dir -> directories.put(name, dir.key());
                case WireInode.File file -> entries.add(file(inode, file, name, attributes, at));
                case WireInode.Link link -> entries.add(link(link, name, attributes, at));
                case WireInode.Special special ->
                    entries.add(special(special, name, attributes, acl(inode.aclKey(), at).mode()));
                case WireInode.Unknown unknown -> throw new IllegalStateException("left out before: " + unknown);
            }
        }
    }

    /** Whether something is what nodes show of several entries with one name, although it is not the first of them. */
    private boolean comesFirst(WireInode.Content content, TreePath path) {
        return content instanceof WireInode.Dir dir && rows.containsKey(dir.key())
                && dir.key().equals(TreeEncoder.directoryKey(path));
    }

    private static Name name(WireInode inode) throws MalformedFlistException {
        try {
            return Name.of(inode.name());
        } catch (IllegalArgumentException e) {
            throw new MalformedFlistException(String.valueOf(e.getMessage()));
        }
    }

    private static FileEntry file(WireInode inode, WireInode.File file, Name name, Attributes attributes, TreePath path)
            throws MalformedFlistException {
        if (inode.size() < 0) {
            throw new MalformedFlistException("file " + path + " claims a size of 2^63 bytes or more");
        }
        List<Block> blocks = new ArrayList<>(file.blocks().size());
        for (WireInode.WireBlock block : file.blocks()) {
            blocks.add(new Block(ChunkId.of(block.hash()), ChunkKey.of(block.key())));
        }
        int pieceSize = file.blockUnits() == 0 ? ChunkCodec.PIECE_SIZE : file.blockUnits() * BLOCK_UNIT;
        return new FileEntry(name, attributes, inode.size(), pieceSize, blocks);
    }

    private static LinkEntry link(WireInode.Link link, Name name, Attributes attributes, TreePath path)
            throws MalformedFlistException {
        try {
            return LinkEntry.of(name, attributes, link.target());
        } catch (IllegalArgumentException e) {
            throw new MalformedFlistException(path + ": " + e.getMessage());
        }
    }

    /**
     * All known writers store the type "socket" whatever the file is; the numbers tell devices, and before 2020 the stored mode
     * also held the type bits.
     */
    private static SpecialEntry special(WireInode.Special special, Name name, Attributes attributes, int storedMode) {
        String data = new String(special.data(), ISO_8859_1);
        boolean numbers = data.matches("\\d{1,18},\\d{1,18}");
        Kind kind = kind(special.type(), storedMode & TYPE_BITS, numbers);
        int comma = data.indexOf(',');
        long major = kind.isDevice() && numbers ? Long.parseLong(data.substring(0, comma)) : 0;
        long minor = kind.isDevice() && numbers ? Long.parseLong(data.substring(comma + 1)) : 0;
        return new SpecialEntry(name, attributes, kind, major, minor);
    }

    private static Kind kind(int type, int typeBits, boolean numbers) {
        if (type > 0 && type < Kind.UNKNOWN.ordinal()) {
            return Kind.values()[type];
        }
        if (numbers) {
            return typeBits == 0060000 ? Kind.BLOCK : Kind.CHARACTER;
        }
        if (typeBits == 0010000) {
            return Kind.FIFO;
        }
        return type == 0 ? Kind.SOCKET : Kind.UNKNOWN;
    }

    private Attributes attributes(WireDirectory row, TreePath path) throws MalformedFlistException {
        return attributes(row.aclKey(), row.modified(), row.created(), path);
    }

    private Attributes attributes(String aclKey, long modified, long created, TreePath path)
            throws MalformedFlistException {
        WirePermissions acl = acl(aclKey, path);
        try {
            Permissions permissions = new Permissions(acl.user(), acl.group(), acl.mode() & 07777, acl.uid(),
                    acl.gid());
            return pool.attributes(permissions, modified, created);
        } catch (IllegalArgumentException e) {
            throw new MalformedFlistException(path + ": " + e.getMessage());
        }
    }

    private WirePermissions acl(String key, TreePath path) throws MalformedFlistException {
        Optional<WirePermissions> known = Optional.ofNullable(acls.get(key));
        if (known.isPresent()) {
            return known.get();
        }
        byte[] value = rows.get(key);
        if (value == null) {
            throw new MalformedFlistException("the permissions of " + path + " are missing");
        }
        WirePermissions acl = WirePermissions.decode(value);
        acls.put(key, acl);
        return acl;
    }
}
