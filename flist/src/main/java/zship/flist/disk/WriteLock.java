package zship.flist.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The right to replace a file, which one process at a time has: {@code flock(2)} on the file itself. Nothing lies beside it, and
 * the kernel takes the lock back from a process that is killed.
 *
 * <p>The locks of {@code java.nio} cannot serve here: the kernel drops them as soon as the process closes the file anywhere else,
 * as it does whenever it reads it.
 */
public final class WriteLock implements AutoCloseable {
    private static final MethodHandle FLOCK = CLibrary.function("flock",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    /** For reading and writing. */
    private static final int READ_WRITE = 02;
    private static final int EXCLUSIVE = 2;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int EISDIR = 21;
    private static final int EROFS = 30;

    private final Descriptor descriptor;

    private WriteLock(Descriptor descriptor) {
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
        descriptor.close();
    }

    private boolean isOn(Path file) throws IOException {
        try {
            return identity(Path.of("/proc/self/fd", Integer.toString(descriptor.number()))).equals(identity(file));
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
            MemorySegment state = CLibrary.state(arena);
            while ((int) FLOCK.invokeExact(state, descriptor.number(), EXCLUSIVE) != 0) {
                int error = CLibrary.error(state);
                if (error != CLibrary.EINTR) {
                    throw new FileSystemException(file.toString(), null, "it cannot be locked (error " + error + ")");
                }
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.uncallable("flock", e);
        }
    }

    private static Descriptor open(Path file) throws IOException {
        Descriptor descriptor = Descriptor.open(file, READ_WRITE | Descriptor.CLOSE_ON_EXEC);
        if (!descriptor.isOpen()) {
            throw failure(file.toString(), descriptor.error());
        }
        return descriptor;
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
}
