package zship.flist.chunk;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/** An immutable list of blocks that takes 32 bytes for each, as a file of a terabyte has two million. */
public final class Blocks extends AbstractList<Block> implements RandomAccess {
    private static final int WORDS = 4;
    private static final Blocks NONE = new Blocks(new long[0]);

    private final long[] words;

    private Blocks(long[] words) {
        this.words = words;
    }

    /** A list with what {@code blocks} has. */
    public static Blocks of(List<Block> blocks) {
        if (blocks instanceof Blocks same) {
            return same;
        }
        return of(blocks.size(), blocks::get);
    }

    /** A list of so many blocks, of which {@code block} has each. */
    public static Blocks of(int count, IntFunction<Block> block) {
        return count == 0 ? NONE : new Blocks(words(count, block));
    }

    private static long[] words(int count, IntFunction<Block> all) {
        long[] words = new long[Math.multiplyExact(WORDS, count)];
        int at = 0;
        for (int i = 0; i < count; i++) {
            Block block = all.apply(i);
            words[at++] = block.id().high();
            words[at++] = block.id().low();
            words[at++] = block.key().high();
            words[at++] = block.key().low();
        }
        return words;
    }

    @Override
    public Block get(int index) {
        int at = WORDS * Objects.checkIndex(index, size());
        return new Block(new ChunkId(words[at], words[at + 1]), new ChunkKey(words[at + 2], words[at + 3]));
    }

    @Override
    public int size() {
        return words.length / WORDS;
    }
}
