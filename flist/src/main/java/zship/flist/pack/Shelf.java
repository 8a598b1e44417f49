package zship.flist.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import zship.flist.FlistException;
import zship.flist.disk.ScratchFile;

/**
 * Where those directories of a tree wait that there is no memory for: on the disk. Knows how much memory the others take. Used by
 * one thread.
 */
final class Shelf implements AutoCloseable {
    private final long memory;
    private final Runnable settle;
    private long used;
    private long most;
    private @Nullable ScratchFile file;

    /**
     * What was put on the shelf.
     *
     * @param position where it begins
     * @param bytes how many there are
     */
    record Address(long position, int bytes) {
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
        this.most = memory;
    }

    /** Counts what was read, made, or taken from here. */
    void takes(long bytes) {
        used += bytes;
    }

    /** Puts away what is in these directories and not in use, when there is much in memory. */
    void tidy(List<Draft.Folder> roots) {
        if (used <= most) {
            return;
        }
        settle.run();
        used = roots.stream().mapToLong(root -> root.children().shelve()).sum();
        // What is left is in use. Looking again is worth it when as much has come as the memory is for.
        most = used + memory;
    }

    Address keep(ByteBuffer bytes) {
        try {
            ScratchFile open = file == null ? ScratchFile.create() : file;
            file = open;
            int length = bytes.remaining();
            return new Address(open.append(bytes), length);
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    ByteBuffer kept(Address address) {
        ByteBuffer target = ByteBuffer.allocate(address.bytes);
        try {
            Objects.requireNonNull(file, "nothing was kept").read(address.position, target);
            return target.flip();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    @Override
    public void close() {
        try (ScratchFile closed = file) {
            file = null;
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }
}
