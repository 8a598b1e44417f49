package zship.flist.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import zship.flist.FlistException;
import zship.flist.disk.ScratchFile;

/**
 * Where those directories of a tree wait that there is no memory for: on the disk. Knows how much memory the others take. Used by
 * one thread.
 */
final class Shelf implements AutoCloseable {
    private final long memory;
    private final Runnable settle;
    private final ScratchFile file;
    private final Map<Children, Integer> users = new HashMap<>();
    /** Places that nothing is in any more, by the room that they have: directories come and go many times. */
    private final Map<Integer, Deque<Long>> free = new HashMap<>();
    private long left;

    /**
     * What was put on the shelf.
     *
     * @param position where it begins
     * @param bytes how many there are
     */
    record Address(long position, int bytes) {
        /** Bytes of the place: a power of two, so that another directory is likely to fit. */
        int room() {
            return bytes <= 1 ? 1 : Math.max(bytes, Integer.highestOneBit(bytes - 1) << 1);
        }
    }

    /**
     * An empty shelf.
     *
     * @param memory bytes that directories may take before some of them have to wait
     * @param settle called before that, when all contents have to be complete
     */
    Shelf(long memory, Runnable settle) {
        this.memory = memory;
        this.settle = settle;
        this.left = memory;
        try {
            this.file = ScratchFile.create();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    /** Counts what was read, made, or taken from here. */
    void takes(long bytes) {
        left -= bytes;
    }

    /** Keeps a directory in memory, and those that it is in, until {@link #leave} is called as often. */
    void enter(Children directory) {
        users.merge(directory, 1, Integer::sum);
    }

    void leave(Children directory) {
        users.computeIfPresent(directory, (key, count) -> count == 1 ? null : count - 1);
    }

    boolean isInUse(Children directory) {
        return users.containsKey(directory);
    }

    /** Puts away what is in these directories and not in use, when there is much in memory. */
    void tidy(List<Draft.Folder> roots) {
        if (left >= 0) {
            return;
        }
        settle.run();
        roots.forEach(root -> root.children().shelve());
        // Looking again is worth it when as much has come as the memory is for, whatever stays in it.
        left = memory;
    }

    /** Keeps bytes until {@link #free} is called with the result. */
    Address keep(byte[] bytes) {
        int room = new Address(0, bytes.length).room();
        Deque<Long> places = free.getOrDefault(room, new ArrayDeque<>());
        try {
            if (places.isEmpty()) {
                return new Address(file.append(ByteBuffer.wrap(Arrays.copyOf(bytes, room))), bytes.length);
            }
            Address address = new Address(places.pop(), bytes.length);
            file.write(address.position, ByteBuffer.wrap(bytes));
            return address;
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    /** Gives a place to others. */
    void free(Address address) {
        free.computeIfAbsent(address.room(), room -> new ArrayDeque<>()).push(address.position);
    }

    ByteBuffer kept(Address address) {
        ByteBuffer target = ByteBuffer.allocate(address.bytes);
        try {
            file.read(address.position, target);
            return target.flip();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }
}
