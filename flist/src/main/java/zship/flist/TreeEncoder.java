package zship.flist;

import java.util.AbstractList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

import zship.flist.chunk.Blake2b;
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

    private final SortedMap<String, Supplier<byte[]>> rows = new TreeMap<>();
    private final Map<Permissions, String> aclKeys = new HashMap<>();

    private TreeEncoder() {
    }

    /** What makes each row, by key: no more than one of them has to be in memory. */
    static SortedMap<String, Supplier<byte[]>> encode(Directory root) {
        TreeEncoder encoder = new TreeEncoder();
        encoder.add(root, TreePath.ROOT, directoryKey(TreePath.ROOT));
        return encoder.rows;
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

    private void add(Directory directory, TreePath path, String parentKey) {
        String key = directoryKey(path);
        rows.put(key, () -> row(directory, path, parentKey));
        acl(directory.permissions());
        for (Entry entry : directory.entries()) {
            if (entry instanceof Directory inner) {
                add(inner, path.resolve(entry.name()), key);
            } else {
                acl(entry.permissions());
            }
        }
    }

    private byte[] row(Directory directory, TreePath path, String parentKey) {
        List<WireInode> contents = new Contents(directory.entries(), entry -> inode(entry, path.resolve(entry.name())));
        byte[] name = path.name().map(Name::bytes).orElse(new byte[0]);
        Attributes attributes = directory.attributes();
        return new WireDirectory(name, path.bytes(), contents, parentKey, Directory.SIZE,
                acl(attributes.permissions()), attributes.modified(), attributes.created()).encode();
    }

    private WireInode inode(Entry entry, TreePath path) {
        Attributes attributes = entry.attributes();
        Content content = switch (entry) {
            case Directory directory -> new WireInode.Dir(directoryKey(path));
            case FileEntry file -> new WireInode.File(file.pieceSize() / BLOCK_UNIT, file.blocks().stream()
                    .map(block -> new WireBlock(block.id().bytes(), block.key().bytes())).toList());
            case LinkEntry link -> new WireInode.Link(link.target());
            case SpecialEntry special -> new WireInode.Special(special.kind().ordinal(), device(special));
        };
        return new WireInode(entry.name().bytes(), entry.size(), content, acl(attributes.permissions()),
                attributes.modified(), attributes.created());
    }

    /** Raw forms of entries that are made each time they are asked for: those of a large directory take more room than it does. */
    private static final class Contents extends AbstractList<WireInode> {
        private final List<Entry> entries;
        private final Function<Entry, WireInode> form;

        Contents(List<Entry> entries, Function<Entry, WireInode> form) {
            this.entries = entries;
            this.form = form;
        }

        @Override
        public WireInode get(int index) {
            return form.apply(entries.get(index));
        }

        @Override
        public int size() {
            return entries.size();
        }
    }

    private static byte[] device(SpecialEntry special) {
        if (!special.kind().isDevice()) {
            return NO_DEVICE;
        }
        String numbers = special.major() + "," + special.minor();
        return numbers.getBytes(US_ASCII);
    }

    private String acl(Permissions permissions) {
        return aclKeys.computeIfAbsent(permissions, p -> {
            String key = aclKey(p);
            byte[] row = new WirePermissions(p.user(), p.group(), p.mode(), p.uid(), p.gid()).encode();
            rows.put(key, () -> row);
            return key;
        });
    }
}
