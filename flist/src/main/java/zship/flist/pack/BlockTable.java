package zship.flist.pack;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.Blocks;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;
import zship.flist.disk.ScratchFile;

/**
 * All different blocks of a source, numbered as they come. They are in a file that is mapped into memory, since there may be more
 * of them than the heap has room for: the system writes them to the disk when it needs their place. Used by several threads.
 */
final class BlockTable implements AutoCloseable {
    private static final int BLOCK_BYTES = 32;
    private static final int NUMBER_BYTES = Integer.BYTES;
    private static final int FIRST_ROOM = 4096;
    /** Slots for each block that there is room for, so that a search is short. */
    private static final int SLOTS_PER_BLOCK = 2;
    private static final long MOST_BLOCKS = 1 << 29;

    private Spaces spaces = new Spaces(Space.of((long) FIRST_ROOM * BLOCK_BYTES),
            Space.of((long) FIRST_ROOM * SLOTS_PER_BLOCK * NUMBER_BYTES));
    private int size;

    /**
     * What grows together.
     *
     * @param blocks id and key of each block
     * @param slots a hash table with open addressing: the number of a block plus one, where its key leads to or in one of the
     *        slots that follow
     */
    private record Spaces(Space blocks, Space slots) {
    }

    /** A file that is mapped into memory. */
    private static final class Space implements AutoCloseable {
        private final ScratchFile file;
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;

        private Space(ScratchFile file, long bytes) throws IOException {
            this.file = file;
            this.memory = file.map(bytes, arena);
        }

        static Space of(long bytes) {
            try {
                return new Space(ScratchFile.create(), bytes);
            } catch (IOException e) {
                throw FlistException.scratch(e);
            }
        }

        /** The same with more room. This can be used until it is closed, and shares the file. */
        Space grown(long bytes) {
            try {
                return new Space(file, bytes);
            } catch (IOException e) {
                throw FlistException.scratch(e);
            }
        }

        @Override
        public void close() {
            arena.close();
        }

        void closeFile() {
            try {
                file.close();
            } catch (IOException e) {
                throw FlistException.scratch(e);
            }
        }
    }

    /**
     * Numbers a block, unless there is one with this key.
     *
     * @return whether it is new
     */
    synchronized boolean add(Block block) {
        long slot = slot(block.key());
        if (number(slot) != 0) {
            return false;
        }
        if (size == room()) {
            grow();
            slot = slot(block.key());
        }
        long at = (long) size * BLOCK_BYTES;
        set(at, block.id().high());
        set(at + 8, block.id().low());
        set(at + 16, block.key().high());
        set(at + 24, block.key().low());
        size++;
        spaces.slots.memory.set(ValueLayout.JAVA_INT, slot * NUMBER_BYTES, size);
        return true;
    }

    /** The number of the block with this key; -1 when there is none. */
    synchronized int find(ChunkKey key) {
        return number(slot(key)) - 1;
    }

    /** How many blocks there are; their numbers are below. */
    synchronized int size() {
        return size;
    }

    /** The block with this number. */
    synchronized Block block(int number) {
        long at = (long) number * BLOCK_BYTES;
        return new Block(new ChunkId(get(at), get(at + 8)), key(number));
    }

    /** The blocks with these numbers. */
    Blocks blocks(int[] numbers) {
        return Blocks.of(numbers.length, i -> block(numbers[i]));
    }

    @Override
    public synchronized void close() {
        spaces.blocks.close();
        spaces.blocks.closeFile();
        spaces.slots.close();
        spaces.slots.closeFile();
    }

    /** How many blocks there may be. */
    private long room() {
        return spaces.slots.memory.byteSize() / NUMBER_BYTES / SLOTS_PER_BLOCK;
    }

    private void grow() {
        long more = 2 * room();
        if (more > MOST_BLOCKS) {
            throw new FlistException(FlistException.Kind.FAILED, "pack", "there are more different pieces than "
                    + MOST_BLOCKS, "pack a smaller tree");
        }
        // What there was is let go of when there is room for the rest: other threads may still ask for it.
        Spaces full = spaces;
        Space slots = Space.of(more * SLOTS_PER_BLOCK * NUMBER_BYTES);
        spaces = new Spaces(full.blocks.grown(more * BLOCK_BYTES), slots);
        full.blocks.close();
        full.slots.close();
        full.slots.closeFile();
        for (int number = 0; number < size; number++) {
            spaces.slots.memory.set(ValueLayout.JAVA_INT, slot(key(number)) * NUMBER_BYTES, number + 1);
        }
    }

    /** Where the number of this key's block is, or would be. */
    private long slot(ChunkKey key) {
        long last = room() * SLOTS_PER_BLOCK - 1;
        long slot = key.low() & last;
        for (int number = number(slot); number != 0 && !key(number - 1).equals(key); number = number(slot)) {
            slot = slot + 1 & last;
        }
        return slot;
    }

    private int number(long slot) {
        return spaces.slots.memory.get(ValueLayout.JAVA_INT, slot * NUMBER_BYTES);
    }

    private ChunkKey key(int number) {
        long at = (long) number * BLOCK_BYTES + 16;
        return new ChunkKey(get(at), get(at + 8));
    }

    private long get(long at) {
        return spaces.blocks.memory.get(ValueLayout.JAVA_LONG, at);
    }

    private void set(long at, long word) {
        spaces.blocks.memory.set(ValueLayout.JAVA_LONG, at, word);
    }
}
