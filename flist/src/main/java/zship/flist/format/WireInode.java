package zship.flist.format;

import java.util.ArrayList;
import java.util.List;

import org.capnproto.StructList;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One entry of a directory row ({@code Inode} in the schema).
 *
 * @param name the entry's name
 * @param size bytes; unsigned
 * @param content what it is
 * @param aclKey key of the row with its permissions
 * @param modified seconds since 1970
 * @param created seconds since 1970
 */
public record WireInode(byte[] name, long size, Content content, String aclKey, long modified, long created) {
    /** What an entry is: one branch of the schema's union. */
    public sealed interface Content {
    }

    /** A directory.
     *
     * @param key of its own row
     */
    public record Dir(String key) implements Content {
    }

    /** A regular file.
     *
     * @param blockUnits piece size in units of 4096 bytes
     * @param blocks the pieces in order
     */
    public record File(int blockUnits, List<WireBlock> blocks) implements Content {
    }

    /** A symbolic link.
     *
     * @param target raw bytes
     */
    public record Link(byte[] target) implements Content {
    }

    /** A special file.
     *
     * @param type 0 socket, 1 block device, 2 character device, 3 fifo, 4 unknown
     * @param data {@code MAJOR,MINOR} or {@code (nothing)}
     */
    public record Special(int type, byte[] data) implements Content {
    }

    /** A branch this version does not know; nodes skip such entries.
     *
     * @param tag the union's number
     */
    public record Unknown(int tag) implements Content {
    }

    /** One piece of a file.
     *
     * @param hash chunk id
     * @param key chunk key
     */
    public record WireBlock(byte[] hash, byte[] key) {
    }

    static final Struct.Layout LAYOUT = new Struct.Layout(3, 3);
    private static final Struct.Layout SUB_DIR = new Struct.Layout(0, 1);
    private static final Struct.Layout FILE = new Struct.Layout(1, 1);
    private static final Struct.Layout BLOCK = new Struct.Layout(0, 2);
    private static final Struct.Layout LINK = new Struct.Layout(0, 1);
    private static final Struct.Layout SPECIAL = new Struct.Layout(1, 1);
    private static final int HASH = 16;
    private static final int TAG = 4;
    private static final int MODIFIED = 3;
    private static final int CREATED = 4;

    /**
     * Lists of structs without words cost nothing on the wire, so what is empty must stop the reader at once.
     *
     * @param before key of the entry before, which is the same in most cases and then kept once
     */
    static WireInode decode(Struct.Reader inode, String before) throws MalformedFlistException {
        byte[] name = inode.text(0);
        if (name.length == 0) {
            throw new MalformedFlistException("a directory has an entry without name");
        }
        String aclKey = new String(inode.text(2), UTF_8);
        return new WireInode(name, inode.int64(0, 0), content(inode), aclKey.equals(before) ? before : aclKey,
                inode.uint32(MODIFIED), inode.uint32(CREATED));
    }

    private static Content content(Struct.Reader inode) throws MalformedFlistException {
        int tag = inode.uint16(TAG);
        return switch (tag) {
            case 0 -> new Dir(new String(inode.struct(1, SUB_DIR).text(0), UTF_8));
            case 1 -> file(inode.struct(1, FILE));
            case 2 -> new Link(inode.struct(1, LINK).text(0));
            case 3 -> special(inode.struct(1, SPECIAL));
            default -> new Unknown(tag);
        };
    }

    private static File file(Struct.Reader file) throws MalformedFlistException {
        StructList.Reader<Struct.Reader> list = file.list(0, BLOCK);
        List<WireBlock> blocks = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            byte[] hash = list.get(i).data(0);
            byte[] key = list.get(i).data(1);
            if (hash.length != HASH || key.length != HASH) {
                throw new MalformedFlistException("a file has a piece whose id or key is not of 16 bytes");
            }
            blocks.add(new WireBlock(hash, key));
        }
        return new File(file.uint16(0), blocks);
    }

    private static Special special(Struct.Reader special) {
        return new Special(special.uint16(0), special.data(0));
    }

    void encode(Struct.Writer inode) {
        inode.text(0, name);
        inode.int64(0, size, 0);
        inode.text(2, aclKey.getBytes(UTF_8));
        inode.uint32(MODIFIED, modified);
        inode.uint32(CREATED, created);
        switch (content) {
            case Dir dir -> {
                inode.uint16(TAG, 0);
                inode.struct(1, SUB_DIR).text(0, dir.key.getBytes(UTF_8));
            }
            case File file -> {
                inode.uint16(TAG, 1);
                encode(inode.struct(1, FILE), file);
            }
            case Link link -> {
                inode.uint16(TAG, 2);
                inode.struct(1, LINK).text(0, link.target);
            }
            case Special special -> {
                inode.uint16(TAG, 3);
                Struct.Writer writer = inode.struct(1, SPECIAL);
                writer.uint16(0, special.type);
                writer.data(0, special.data);
            }
            case Unknown unknown -> inode.uint16(TAG, unknown.tag);
        }
    }

    private static void encode(Struct.Writer writer, File file) {
        writer.uint16(0, file.blockUnits);
        if (file.blocks.isEmpty()) {
            return;
        }
        StructList.Builder<Struct.Writer> list = writer.list(0, BLOCK, file.blocks.size());
        for (int i = 0; i < file.blocks.size(); i++) {
            Struct.Writer block = list.get(i);
            block.data(0, file.blocks.get(i).hash);
            block.data(1, file.blocks.get(i).key);
        }
    }

    /** Words this entry takes in its directory's value, its place in the list included. */
    long words() {
        return LAYOUT.words() + Message.textWords(name) + Message.textWords(aclKey.getBytes(UTF_8)) + switch (content) {
            case Dir dir -> SUB_DIR.words() + Message.textWords(dir.key.getBytes(UTF_8));
            case File file -> FILE.words() + blockWords(file.blocks);
            case Link link -> LINK.words() + Message.textWords(link.target);
            case Special special -> SPECIAL.words() + Message.dataWords(special.data);
            case Unknown unknown -> 0;
        };
    }

    private static long blockWords(List<WireBlock> blocks) {
        long words = blocks.isEmpty() ? 0 : 1;
        for (WireBlock block : blocks) {
            words += BLOCK.words() + Message.dataWords(block.hash) + Message.dataWords(block.key);
        }
        return words;
    }
}
