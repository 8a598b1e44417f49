package zship.flist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;

/** Trees of every kind of entry with odd names, from a seed. */
public final class RandomTrees {
    private final Random random;

    public RandomTrees(long seed) {
        this.random = new Random(seed);
    }

    public Directory root(int depth) {
        return Directory.root(attributes(), entries(depth));
    }

    private List<Entry> entries(int depth) {
        Map<Name, Entry> entries = new LinkedHashMap<>();
        int count = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            Entry entry = entry(depth);
            entries.putIfAbsent(entry.name(), entry);
        }
        return new ArrayList<>(entries.values());
    }

    private Entry entry(int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 4)) {
            case 0, 1 -> file();
            case 2 -> LinkEntry.of(name(), attributes(), bytes(1 + random.nextInt(300)));
            case 3 -> special();
            default -> Directory.of(name(), attributes(), entries(depth - 1));
        };
    }

    private FileEntry file() {
        int pieces = random.nextInt(4);
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            blocks.add(new Block(new ChunkId(random.nextLong(), random.nextLong()),
                    new ChunkKey(random.nextLong(), random.nextLong())));
        }
        long size = pieces == 0 ? 0 : (pieces - 1L) * ChunkCodec.PIECE_SIZE + 1 + random.nextInt(ChunkCodec.PIECE_SIZE);
        return new FileEntry(name(), attributes(), size, ChunkCodec.PIECE_SIZE, blocks);
    }

    private SpecialEntry special() {
        SpecialEntry.Kind kind = SpecialEntry.Kind.values()[random.nextInt(4)];
        boolean device = kind.isDevice();
        return new SpecialEntry(name(), attributes(), kind, device ? random.nextInt(4096) : 0,
                device ? random.nextInt(1 << 20) : 0);
    }

    private Attributes attributes() {
        Permissions permissions = new Permissions("u" + random.nextInt(3), "g" + random.nextInt(3),
                random.nextInt(010000),
                random.nextInt(3) == 0 ? 0xffff_fffeL : random.nextInt(70000), random.nextInt(70000));
        return new Attributes(permissions, random.nextLong(1L << 32), random.nextLong(1L << 32));
    }

    private Name name() {
        byte[] name = bytes(1 + random.nextInt(random.nextInt(10) == 0 ? 255 : 12));
        boolean dots = name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
        return dots ? Name.of("dots") : Name.of(name);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0 || bytes[i] == '/') {
                bytes[i] = 'x';
            }
        }
        return bytes;
    }
}
