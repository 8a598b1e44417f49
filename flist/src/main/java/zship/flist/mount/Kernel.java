package zship.flist.mount;

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
import java.nio.file.Path;

import zship.flist.disk.BytePaths;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * The system calls that a FUSE server needs, through the C library. Calls that transfer data return {@code -errno} when they
 * fail, as the kernel does; the others throw.
 */
final class Kernel {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int EROFS = 30;
    static final int ENOSYS = 38;
    static final int ENOTCONN = 107;

    static final StructLayout STATE = Linker.Option.captureStateLayout();

    /** {@code MS_RDONLY | MS_NOSUID | MS_NODEV}: set-id bits and devices are shown, but do not work in the mount itself. */
    private static final long MOUNT_FLAGS = 1 | 2 | 4;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 02000000;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ = handle("read",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITEV = handle("writev",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MOUNT = handle("mount",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    private static final MethodHandle UMOUNT = handle("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MMAP = handle("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP = handle("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle STRERROR = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Kernel() {
    }

    /** Opens for reading and writing; returns the descriptor or {@code -errno}. */
    static int open(Path path) {
        return open(path, O_RDWR);
    }

    private static int open(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result((int) OPEN.invokeExact(state, text(arena, BytePaths.bytes(path)), flags | O_CLOEXEC), state);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Reads at most the size of {@code buffer}; {@code state} is memory for the error number. */
    static int read(int descriptor, MemorySegment buffer, MemorySegment state) {
        try {
            return result((int) (long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize()), state);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Writes {@code count} pieces of memory, each named by address and length in {@code vector}, in one call. */
    static int write(int descriptor, MemorySegment vector, int count, MemorySegment state) {
        try {
            return result((int) (long) WRITEV.invokeExact(state, descriptor, vector, count), state);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Mounts a FUSE connection, read-only; returns 0 or {@code -errno}. */
    static int mount(String source, Path target, String options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result((int) MOUNT.invokeExact(state, arena.allocateFrom(source),
                    text(arena, BytePaths.bytes(target)), arena.allocateFrom("fuse.zship"), MOUNT_FLAGS,
                    arena.allocateFrom(options)), state);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Takes a mount out of sight; it ends when nobody uses it any more. Returns 0 or {@code -errno}. */
    static int unmount(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            return result((int) UMOUNT.invokeExact(state, text(arena, BytePaths.bytes(target)),
                    MNT_DETACH | UMOUNT_NOFOLLOW), state);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** The content of a file in memory, read-only. The file may be removed but must not shrink. */
    static MemorySegment map(Path file, long size) throws IOException {
        int descriptor = open(file, 0);
        if (descriptor < 0) {
            throw new IOException(reason(-descriptor) + ": " + file);
        }
        try {
            return map(descriptor, size, PROT_READ, MAP_SHARED);
        } finally {
            close(descriptor);
        }
    }

    /** A copy of {@code bytes} outside the heap. */
    static MemorySegment copy(byte[] bytes) throws IOException {
        MemorySegment memory = map(-1, bytes.length, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS);
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, 0, bytes.length);
        return memory;
    }

    private static MemorySegment map(int descriptor, long size, int protection, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment memory = (MemorySegment) MMAP.invokeExact(state, MemorySegment.NULL, size, protection, flags,
                    descriptor, 0L);
            if (memory.address() == -1) {
                throw new IOException("mmap: " + reason((int) ERRNO.get(state, 0L)));
            }
            return memory.reinterpret(size);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Ends what {@link #map} or {@link #copy} began. */
    static void unmap(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) MUNMAP.invokeExact(arena.allocate(STATE), memory, memory.byteSize());
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** What the C library says about an error number. */
    static String reason(int error) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(error);
            return text.reinterpret(256).getString(0);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    private static int result(int returned, MemorySegment state) {
        return returned >= 0 ? returned : -(int) ERRNO.get(state, 0L);
    }

    private static MemorySegment text(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    private static IllegalStateException broken(Throwable e) {
        return new IllegalStateException("the C library cannot be called", e);
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor,
                Linker.Option.captureCallState("errno"));
    }

    /** Memory for one {@code struct iovec}: address and length. */
    static final long VECTOR_BYTES = ValueLayout.ADDRESS.byteSize() + JAVA_LONG.byteSize();
}
