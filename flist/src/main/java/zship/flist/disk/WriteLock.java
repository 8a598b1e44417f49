package zship.flist.disk;

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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The right to replace a file, which one process at a time has: {@code flock(2)} on the file itself. Nothing lies beside it, and
 * the kernel takes the lock back from a process that is killed.
 *
 * <p>The locks of {@code java.nio} cannot serve here: the kernel drops them as soon as the process closes the file anywhere else,
 * as it does whenever it reads it.
 */
public final class WriteLock implements AutoCloseable {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLOCK = handle("flock",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    /** For reading and writing, closed when another program is started. */
    private static final int MODE = 02 | 02000000;
    private static final int EXCLUSIVE = 2;
    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EACCES = 13;
    private static final int EISDIR = 21;
    private static final int EROFS = 30;

    private final int descriptor;

    private WriteLock(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Waits until nobody else holds {@code file}, which may be a link to it.
     *
     * @throws IOException when it is not there or may not be written
     */
    public static WriteLock of(Path file) throws IOException {
        while (true) {
            WriteLock lock = new WriteLock(open(file));
            boolean held = false;
            try {
                lock.acquire(file);
                // Whoever held the lock before has put another file in place, which is the one to lock now.
                held = lock.isOn(file);
            } finally {
                if (!held) {
                    lock.close();
                }
            }
            if (held) {
                return lock;
            }
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
            if (result != 0) {
                throw new IllegalStateException("descriptor " + descriptor + " was closed before");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close cannot be called", e);
        }
    }

    private boolean isOn(Path file) throws IOException {
        try {
            return identity(Path.of("/proc/self/fd", Integer.toString(descriptor))).equals(identity(file));
        } catch (NoSuchFileException removed) {
            // Opening it again tells whether it is the file that is gone.
            return false;
        }
    }

    private static Object identity(Path file) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    private void acquire(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            while ((int) FLOCK.invokeExact(state, descriptor, EXCLUSIVE) != 0) {
                int error = (int) ERRNO.get(state, 0L);
                if (error != EINTR) {
                    throw new FileSystemException(file.toString(), null, "it cannot be locked (error " + error + ")");
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("flock cannot be called", e);
        }
    }

    private static int open(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            byte[] bytes = BytePaths.bytes(file);
            MemorySegment name = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
            while (true) {
                int opened = (int) OPEN.invokeExact(state, name, MODE);
                int error = opened < 0 ? (int) ERRNO.get(state, 0L) : 0;
                if (error == 0) {
                    return opened;
                }
                if (error != EINTR) {
                    throw failure(file.toString(), error);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("open cannot be called", e);
        }
    }

    private static IOException failure(String file, int error) {
        return switch (error) {
            case ENOENT -> new NoSuchFileException(file);
            case EACCES -> new AccessDeniedException(file);
            case EISDIR -> new FileSystemException(file, null, "it is a directory");
            case EROFS -> new FileSystemException(file, null, "the file system is read-only");
            default -> new FileSystemException(file, null, "it cannot be opened (error " + error + ")");
        };
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
    }
}
