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
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/** An open file or directory, for what Java's channels cannot do with theirs: {@code flock(2)} and {@code syncfs(2)}. */
public final class Descriptor implements AutoCloseable {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FLOCK = handle("flock",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SYNCFS = handle("syncfs",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final int READ = 0;
    private static final int READ_AND_WRITE = 02;
    /** Closed when another program is started. */
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int EXCLUSIVE = 2;
    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EACCES = 13;
    private static final int EISDIR = 21;
    private static final int EROFS = 30;

    private final Path path;
    private final int number;

    private Descriptor(Path path, int number) {
        this.path = path;
        this.number = number;
    }

    /** Opens a file or directory for reading. */
    public static Descriptor forReading(Path path) throws IOException {
        return new Descriptor(path, open(path, READ));
    }

    /**
     * Opens a file for reading and writing.
     *
     * @throws IOException when it is not there or may not be written
     */
    static Descriptor forWriting(Path path) throws IOException {
        return new Descriptor(path, open(path, READ_AND_WRITE));
    }

    /** Waits until no other process has a lock on the file, and takes it. */
    void lock() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            while ((int) FLOCK.invokeExact(state, number, EXCLUSIVE) != 0) {
                int error = (int) ERRNO.get(state, 0L);
                if (error != EINTR) {
                    throw new FileSystemException(path.toString(), null, "it cannot be locked (error " + error + ")");
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("flock cannot be called", e);
        }
    }

    /** Whether {@link #syncFileSystem} tells failures: Linux does since version 5.8. */
    public static boolean tellsFailures() {
        return Version.parse(System.getProperty("os.version")).compareTo(Version.parse("5.8")) >= 0;
    }

    /**
     * Waits until all that was written to the file system is on its disk.
     *
     * @throws IOException when a part of it could not be written since this was opened, see {@link #tellsFailures}
     */
    public void syncFileSystem() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            if ((int) SYNCFS.invokeExact(state, number) != 0) {
                throw new FileSystemException(path.toString(), null,
                        "it cannot be written to the disk (error " + (int) ERRNO.get(state, 0L) + ")");
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("syncfs cannot be called", e);
        }
    }

    /** Whether the path still leads to what was opened. */
    boolean isCurrent() throws IOException {
        try {
            return identity(Path.of("/proc/self/fd", Integer.toString(number))).equals(identity(path));
        } catch (NoSuchFileException removed) {
            // Opening it again tells whether it is the file that is gone.
            return false;
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) CLOSE.invokeExact(arena.allocate(STATE), number);
            if (result != 0) {
                throw new IllegalStateException("descriptor " + number + " was closed before");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close cannot be called", e);
        }
    }

    private static Object identity(Path file) throws IOException {
        return Objects.requireNonNull(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    private static int open(Path path, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            byte[] bytes = BytePaths.bytes(path);
            MemorySegment name = arena.allocate(bytes.length + 1L);
            MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
            while (true) {
                int opened = (int) OPEN.invokeExact(state, name, mode | CLOSE_ON_EXEC);
                int error = opened < 0 ? (int) ERRNO.get(state, 0L) : 0;
                if (error == 0) {
                    return opened;
                }
                if (error != EINTR) {
                    throw failure(path.toString(), error);
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
