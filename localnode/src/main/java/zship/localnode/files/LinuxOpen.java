package zship.localnode.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * {@code openat2(2)} of Linux 5.6: the kernel itself walks a path inside a root, so that a program that swaps links at the same
 * time cannot lead the node out of it. A descriptor is used as {@code /proc/self/fd/<n>}.
 */
final class LinuxOpen {

    static final int READ_ONLY = 0;
    static final int READ_WRITE = 2;
    static final int CREATE = 0100;
    static final int EXCLUSIVE = 0200;
    static final int NON_BLOCKING = 04000;
    static final int DIRECTORY = 0200000;
    static final int NO_FOLLOW = 0400000;
    static final int PATH_ONLY = 010000000;

    private static final int CLOSE_ON_EXEC = 02000000;
    private static final long OPENAT2 = 437;
    private static final int CURRENT_DIRECTORY = -100;
    private static final long IN_ROOT = 0x10;
    private static final long NO_MAGIC_LINKS = 0x02;
    private static final int HOW_BYTES = 24;
    private static final int RETRIES = 32;
    private static final int ENOENT = 2;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private LinuxOpen() {
    }

    /** Opens the root itself, following whatever leads there. */
    static Descriptor root(Path root) throws IOException {
        return open(CURRENT_DIRECTORY, root.toString(), PATH_ONLY | DIRECTORY, 0, 0);
    }

    /** Opens a path as a program would see it whose root directory is {@code root}. */
    static Descriptor inside(Descriptor root, String path, int flags, int mode) throws IOException {
        return open(root.number(), path, flags, mode, IN_ROOT | NO_MAGIC_LINKS);
    }

    private static Descriptor open(int directory, String path, int flags, int mode, long resolve) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            if (path.indexOf('\0') >= 0) {
                throw new FileSystemException(path, null, "Invalid argument");
            }
            MemorySegment how = arena.allocate(HOW_BYTES, Long.BYTES);
            how.set(ValueLayout.JAVA_LONG, 0, Integer.toUnsignedLong(flags | CLOSE_ON_EXEC));
            how.set(ValueLayout.JAVA_LONG, Long.BYTES, mode);
            how.set(ValueLayout.JAVA_LONG, 2L * Long.BYTES, resolve);
            MemorySegment state = arena.allocate(CAPTURED);
            MemorySegment name = arena.allocateFrom(path);
            for (int attempt = 0;; attempt++) {
                long opened = (long) SYSCALL.invokeExact(state, OPENAT2, directory, name, how, (long) HOW_BYTES);
                if (opened >= 0) {
                    return new Descriptor((int) opened);
                }
                int error = (int) ERRNO.get(state, 0L);
                if (error != EAGAIN || attempt > RETRIES) {
                    throw failure(path, error);
                }
            }
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException("openat2(2) cannot be called", never);
        }
    }

    private static IOException failure(String path, int error) {
        return switch (error) {
            case ENOENT -> new NoSuchFileException(path);
            case EACCES -> new AccessDeniedException(path);
            case EEXIST -> new FileAlreadyExistsException(path);
            default -> new FileSystemException(path, null, reason(error));
        };
    }

    private static String reason(int error) {
        return switch (error) {
            case 1 -> "Operation not permitted";
            case 5 -> "Input/output error";
            case 6 -> "No such device or address";
            case 20 -> "Not a directory";
            case 21 -> "Is a directory";
            case 22 -> "Invalid argument";
            case 26 -> "Text file busy";
            case 28 -> "No space left on device";
            case 30 -> "Read-only file system";
            case 36 -> "File name too long";
            case 38 -> "Function not implemented";
            case 40 -> "Too many levels of symbolic links";
            default -> "errno " + error;
        };
    }

    /** An open file; it has a name as long as it is open. */
    record Descriptor(int number) implements AutoCloseable {

        Path path() {
            return Path.of("/proc/self/fd", Integer.toString(number));
        }

        @Override
        public void close() {
            try {
                int ignored = (int) CLOSE.invokeExact(number);
                if (ignored < 0) {
                    throw new IllegalStateException("descriptor " + number + " was closed before");
                }
            } catch (RuntimeException | Error known) {
                throw known;
            } catch (Throwable never) {
                throw new IllegalStateException("close(2) cannot be called", never);
            }
        }
    }
}
