package zship.flist.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file that was opened by {@code open(2)}, or could not be.
 *
 * @param number the kernel's number of it; negative when it is not open
 * @param error why it is not, {@code errno}
 */
record Descriptor(int number, int error) implements AutoCloseable {
    /** Not for programs that are started; the same number on x86-64 and arm64. */
    static final int CLOSE_ON_EXEC = 02000000;

    private static final MethodHandle OPEN = CLibrary.function("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = CLibrary.function("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    /**
     * Opens a file that is there.
     *
     * @param flags as {@code open(2)} has them
     */
    static Descriptor open(Path file, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            MemorySegment name = CLibrary.text(arena, BytePaths.bytes(file));
            while (true) {
                int number = (int) OPEN.invokeExact(state, name, flags);
                int error = number < 0 ? CLibrary.error(state) : 0;
                if (error != CLibrary.EINTR) {
                    return new Descriptor(number, error);
                }
            }
        } catch (Throwable e) {
            throw CLibrary.uncallable("open", e);
        }
    }

    boolean isOpen() {
        return number >= 0;
    }

    /** Closes it, if it is open. */
    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) CLOSE.invokeExact(CLibrary.state(arena), number);
            if (result != 0) {
                throw new IllegalStateException("descriptor " + number + " was closed before");
            }
        } catch (Throwable e) {
            throw CLibrary.uncallable("close", e);
        }
    }
}
