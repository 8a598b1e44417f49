package zship.flist.format;

import java.util.ArrayList;
import java.util.List;

import org.capnproto.StructList;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The value of a directory row ({@code Dir} in the schema).
 *
 * @param name last name of the path, empty for the root
 * @param location the path without leading slash, empty for the root
 * @param contents the entries
 * @param parent key of the row of the parent directory; the root is its own parent
 * @param size always 4096
 * @param aclKey key of the row with its permissions
 * @param modified seconds since 1970
 * @param created seconds since 1970
 */
public record WireDirectory(byte[] name, byte[] location, List<WireInode> contents, String parent, long size,
        String aclKey, long modified, long created) {
    private static final Struct.Layout LAYOUT = new Struct.Layout(2, 5);
    private static final int MODIFIED = 2;
    private static final int CREATED = 3;

    /** What is told about each entry, in order. */
    @FunctionalInterface
    public interface Sink {
        /** One entry. */
        void accept(WireInode inode) throws MalformedFlistException;
    }

    /** Decodes a row's value. */
    public static WireDirectory decode(byte[] value) throws MalformedFlistException {
        List<WireInode> contents = new ArrayList<>();
        WireDirectory empty = decode(value, contents::add);
        return new WireDirectory(empty.name, empty.location, contents, empty.parent, empty.size, empty.aclKey,
                empty.modified, empty.created);
    }

    /** Decodes a row's value without keeping its entries, which {@code sink} gets; the result has none. */
    public static WireDirectory decode(byte[] value, Sink sink) throws MalformedFlistException {
        return Message.decode(value, LAYOUT, root -> {
            StructList.Reader<Struct.Reader> list = root.list(2, WireInode.LAYOUT);
            String aclKey = "";
            for (int i = 0; i < list.size(); i++) {
                WireInode inode = WireInode.decode(list.get(i), aclKey);
                aclKey = inode.aclKey();
                sink.accept(inode);
            }
            return new WireDirectory(root.text(0), root.text(1), List.of(), new String(root.text(3), UTF_8),
                    root.int64(0, 0), new String(root.text(4), UTF_8), root.uint32(MODIFIED), root.uint32(CREATED));
        });
    }

    /** Encodes the row's value as one segment. */
    public byte[] encode() {
        return Message.encode(words(), LAYOUT, root -> {
            root.text(0, name);
            root.text(1, location);
            root.text(3, parent.getBytes(UTF_8));
            root.text(4, aclKey.getBytes(UTF_8));
            root.int64(0, size, 0);
            root.uint32(MODIFIED, modified);
            root.uint32(CREATED, created);
            StructList.Builder<Struct.Writer> list = root.list(2, WireInode.LAYOUT, contents.size());
            for (int i = 0; i < contents.size(); i++) {
                contents.get(i).encode(list.get(i));
            }
        });
    }

    private long words() {
        long words = LAYOUT.words() + Message.textWords(name) + Message.textWords(location)
                + Message.textWords(parent.getBytes(UTF_8)) + Message.textWords(aclKey.getBytes(UTF_8)) + 1;
        for (WireInode inode : contents) {
            words += inode.words();
        }
        return words;
    }
}
