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
import java.util.Arrays;

/** How functions of the C library are called; all of them take memory for {@code errno} first. */
final class CLibrary {
    static final int EINTR = 4;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CLibrary() {
    }

    /** The function {@code name}. */
    static MethodHandle function(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
    }

    /** Memory for the {@code errno} of calls. */
    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    /** The {@code errno} of the last call that failed. */
    static int error(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** These bytes and a zero. */
    static MemorySegment text(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    /** What to throw when a call cannot be made, which is a defect; the types of the JDK allow anything. */
    static RuntimeException uncallable(String function, Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException(function + " cannot be called", e);
    }
}
