package zship.flist.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * An open file that may have holes: they read as zeros, but are nowhere on the disk. Java cannot tell where they are, so this
 * asks the C library: {@code lseek} with {@code SEEK_DATA}, see lseek(2). Used by one thread.
 */
public final class SparseFile implements AutoCloseable {
    private static final MethodHandle LSEEK = CLibrary.function("lseek", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    /** For reading ({@code O_RDONLY} is 0), without waiting for who writes should it be a pipe by now. */
    private static final int NONBLOCK = 04000;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int ENXIO = 6;

    private final Descriptor descriptor;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = CLibrary.state(arena);
    private final boolean known;

    private SparseFile(Descriptor descriptor, long size) {
        this.descriptor = descriptor;
        this.known = descriptor.isOpen() && seek(0, SEEK_END) == size;
    }

    /**
     * Opens a file. One that cannot be opened, or has another size by now, is said to have no holes: who reads it next learns
     * the reason.
     *
     * @param size what it had, bytes
     */
    public static SparseFile open(Path path, long size) {
        return new SparseFile(Descriptor.open(path, NONBLOCK | Descriptor.CLOSE_ON_EXEC), size);
    }

    /**
     * The first byte from {@code position} on that is not in a hole, {@link Long#MAX_VALUE} when there is none. A file system that
     * knows no holes has data everywhere.
     */
    public long dataFrom(long position) {
        if (!known) {
            return position;
        }
        long found = seek(position, SEEK_DATA);
        if (found >= 0) {
            return found;
        }
        return CLibrary.error(state) == ENXIO ? Long.MAX_VALUE : position;
    }

    private long seek(long offset, int whence) {
        try {
            return (long) LSEEK.invokeExact(state, descriptor.number(), offset, whence);
        } catch (Throwable e) {
            throw CLibrary.uncallable("lseek", e);
        }
    }

    @Override
    public void close() {
        arena.close();
        descriptor.close();
    }
}
