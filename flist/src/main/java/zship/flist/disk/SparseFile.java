package zship.flist.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * An open file that may have holes: they read as zeros, but are nowhere on the disk. Java cannot tell where they are, so this
 * asks the C library: {@code lseek} with {@code SEEK_DATA}, see lseek(2). Used by one thread.
 */
public final class SparseFile implements AutoCloseable {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle LSEEK = handle("lseek", FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    /** For reading, not for programs that are started, and without waiting for who writes should it be a pipe by now. */
    private static final int O_RDONLY_CLOEXEC_NONBLOCK = 02000000 | 04000;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int ENXIO = 6;

    private final int descriptor;
    private final boolean known;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(STATE);

    private SparseFile(int descriptor, long size) {
        this.descriptor = descriptor;
        this.known = descriptor >= 0 && seek(0, SEEK_END) == size;
    }

    /**
     * Opens a file. One that cannot be opened, or has another size by now, is said to have no holes: who reads it next learns
     * the reason.
     *
     * @param size what it had, bytes
     */
    public static SparseFile open(Path path, long size) {
        try (Arena name = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(SystemCalls.cString(name, BytePaths.bytes(path)),
                    O_RDONLY_CLOEXEC_NONBLOCK);
            return new SparseFile(descriptor, size);
        } catch (Throwable e) {
            throw SystemCalls.uncallable("open", e);
        }
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
        return (int) ERRNO.get(state, 0L) == ENXIO ? Long.MAX_VALUE : position;
    }

    private long seek(long offset, int whence) {
        try {
            return (long) LSEEK.invokeExact(state, descriptor, offset, whence);
        } catch (Throwable e) {
            throw SystemCalls.uncallable("lseek", e);
        }
    }

    @Override
    public void close() {
        arena.close();
        if (descriptor < 0) {
            return;
        }
        try {
            int unused = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw SystemCalls.uncallable("close", e);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
