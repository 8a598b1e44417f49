package zship.flist.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * {@code mknod}, {@code symlink} and {@code utimensat} of the C library, for what Java cannot do: make devices, keep link targets byte
 * for byte, and set times without opening the file.
 */
public final class SystemCalls {
    private static final MethodHandle MKNOD = CLibrary.function("mknod", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private static final MethodHandle SYMLINK = CLibrary.function("symlink",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle UTIMENSAT = CLibrary.function("utimensat",
            FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final long UTIME_OMIT = (1L << 30) - 2;

    private SystemCalls() {
    }

    /**
     * Makes a device, pipe or socket.
     *
     * @param mode type and permission bits as in {@code st_mode}
     * @return false when only root may do that, or the system has no such numbers
     */
    public static boolean mknod(Path path, int mode, long major, long minor) throws IOException {
        if (major >>> 32 != 0 || minor >>> 32 != 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            int result = (int) MKNOD.invokeExact(state, CLibrary.text(arena, BytePaths.bytes(path)), mode,
                    deviceNumber(major, minor));
            int error = result == 0 ? 0 : CLibrary.error(state);
            if (error != 0 && error != EPERM && error != EINVAL) {
                throw new IOException("mknod failed with error " + error + ": " + path);
            }
            return error == 0;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.uncallable("mknod", e);
        }
    }

    /** Makes a symbolic link whose target is exactly {@code target}. */
    public static void symlink(Path path, byte[] target) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            int result = (int) SYMLINK.invokeExact(state, CLibrary.text(arena, target),
                    CLibrary.text(arena, BytePaths.bytes(path)));
            if (result != 0) {
                throw new IOException("symlink failed with error " + CLibrary.error(state) + ": " + path);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.uncallable("symlink", e);
        }
    }

    /** Sets the modification time of anything, links included, without opening it. */
    public static void modified(Path path, long epochSeconds) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = CLibrary.state(arena);
            MemorySegment times = arena.allocateFrom(ValueLayout.JAVA_LONG, 0, UTIME_OMIT, epochSeconds, 0);
            int result = (int) UTIMENSAT.invokeExact(state, AT_FDCWD, CLibrary.text(arena, BytePaths.bytes(path)),
                    times,
                    AT_SYMLINK_NOFOLLOW);
            if (result != 0) {
                throw new IOException("utimensat failed with error " + CLibrary.error(state) + ": " + path);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.uncallable("utimensat", e);
        }
    }

    /** The major number in a device number as the GNU C library packs it. */
    public static int major(long device) {
        return (int) (device >>> 8 & 0xfff | device >>> 32 & 0xffff_f000L);
    }

    /** The minor number in a device number as the GNU C library packs it. */
    public static int minor(long device) {
        return (int) (device & 0xff | device >>> 12 & 0xffff_ff00L);
    }

    private static long deviceNumber(long high, long low) {
        return (high & 0xfff) << 8 | (high & 0xffff_f000L) << 32 | low & 0xff | (low & 0xffff_ff00L) << 12;
    }
}
