package zship.flist.pack;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import zship.flist.Name;
import zship.flist.SpecialEntry;
import zship.flist.chunk.ChunkCodec;
import zship.flist.pack.Draft.Facts;

/** Drafts as bytes, in a form that only the process that wrote them reads. Their contents are complete. */
final class DraftForm {
    private static final byte FOLDER = 0;
    private static final byte DATA = 1;
    private static final byte LINK = 2;
    private static final byte NODE = 3;
    private static final byte IMPLIED = 4;

    private DraftForm() {
    }

    static byte[] encode(Map<Name, Draft> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (Map.Entry<Name, Draft> entry : entries.entrySet()) {
                encode(entry.getKey(), entry.getValue(), out);
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    static NavigableMap<Name, Draft> decode(Shelf shelf, ByteBuffer in) {
        NavigableMap<Name, Draft> entries = new TreeMap<>();
        while (in.hasRemaining()) {
            Name name = Name.of(bytes(in, Byte.toUnsignedInt(in.get())));
            entries.put(name, draft(shelf, in));
        }
        return entries;
    }

    private static void encode(Name name, Draft draft, DataOutputStream out) throws IOException {
        out.writeByte(name.length());
        out.write(name.bytes());
        switch (draft) {
            case Draft.Folder folder -> folder(folder, out);
            case Draft.Data data -> {
                facts(DATA, data.facts(), out);
                out.writeLong(data.content().size());
                for (int number : data.content().numbers()) {
                    out.writeInt(number);
                }
            }
            case Draft.Link link -> {
                facts(LINK, link.facts(), out);
                out.writeShort(link.target().length);
                out.write(link.target());
            }
            case Draft.Node node -> {
                facts(NODE, node.facts(), out);
                out.writeByte(node.kind().ordinal());
                out.writeLong(node.major());
                out.writeLong(node.minor());
            }
        }
    }

    private static void folder(Draft.Folder folder, DataOutputStream out) throws IOException {
        // Others compare these facts with this very object.
        facts(folder.facts() == Facts.IMPLIED_DIRECTORY ? IMPLIED : FOLDER, folder.facts(), out);
        Shelf.Address kept = folder.children().kept();
        out.writeLong(kept == null ? 0 : kept.position());
        out.writeInt(kept == null ? 0 : kept.bytes());
    }

    private static void facts(byte kind, Facts facts, DataOutputStream out) throws IOException {
        out.writeByte(kind);
        out.writeInt(facts.mode());
        out.writeLong(facts.uid());
        out.writeLong(facts.gid());
        out.writeLong(facts.modified());
    }

    private static Draft draft(Shelf shelf, ByteBuffer in) {
        byte kind = in.get();
        Facts facts = new Facts(in.getInt(), in.getLong(), in.getLong(), in.getLong());
        return switch (kind) {
            case FOLDER -> new Draft.Folder(facts, new Children(shelf, address(in)));
            case IMPLIED -> new Draft.Folder(Facts.IMPLIED_DIRECTORY, new Children(shelf, address(in)));
            case DATA -> new Draft.Data(facts, content(in));
            case LINK -> new Draft.Link(facts, bytes(in, in.getShort()));
            case NODE -> new Draft.Node(facts, SpecialEntry.Kind.values()[in.get()], in.getLong(), in.getLong());
            default -> throw new IllegalStateException("kind " + kind + " was never written");
        };
    }

    private static Shelf.@Nullable Address address(ByteBuffer in) {
        long position = in.getLong();
        int bytes = in.getInt();
        return bytes == 0 ? null : new Shelf.Address(position, bytes);
    }

    private static FileContent content(ByteBuffer in) {
        long size = in.getLong();
        int[] numbers = new int[(int) ChunkCodec.pieceCount(size)];
        in.asIntBuffer().get(numbers);
        in.position(in.position() + numbers.length * Integer.BYTES);
        return new FileContent(size, numbers);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
