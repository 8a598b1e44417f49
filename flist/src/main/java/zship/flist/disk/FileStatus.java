package zship.flist.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code lstat(2)} or {@code stat(2)} says about a file.
 *
 * @param type the type bits of {@code st_mode}, one of the constants
 * @param mode the twelve permission bits
 * @param uid owner
 * @param gid group
 * @param size bytes
 * @param modified seconds since 1970, fractions dropped downwards
 * @param device {@code st_rdev} of a device
 */
public record FileStatus(int type, int mode, long uid, long gid, long size, long modified, long device) {
    /** Named pipe. */
    public static final int FIFO = 0010000;
    /** Character device. */
    public static final int CHARACTER = 0020000;
    /** Directory. */
    public static final int DIRECTORY = 0040000;
    /** Block device. */
    public static final int BLOCK = 0060000;
    /** Regular file. */
    public static final int REGULAR = 0100000;
    /** Symbolic link. */
    public static final int LINK = 0120000;
    /** Unix socket. */
    public static final int SOCKET = 0140000;

    private static final String ATTRIBUTES = "unix:mode,uid,gid,rdev,size,lastModifiedTime";
    private static final int TYPE_BITS = 0170000;

    /** The status of {@code path}; links are not followed. */
    public static FileStatus of(Path path) throws IOException {
        return read(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The status of what {@code path} leads to. */
    static FileStatus followed(Path path) throws IOException {
        return read(path);
    }

    private static FileStatus read(Path path, LinkOption... options) throws IOException {
        Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, options);
        int mode = (int) number(values, "mode");
        FileTime time = (FileTime) Objects.requireNonNull(values.get("lastModifiedTime"));
        return new FileStatus(mode & TYPE_BITS, mode & 07777, number(values, "uid") & 0xffff_ffffL,
                number(values, "gid") & 0xffff_ffffL, number(values, "size"), time.toInstant().getEpochSecond(),
                number(values, "rdev"));
    }

    private static long number(Map<String, Object> values, String key) {
        return ((Number) Objects.requireNonNull(values.get(key))).longValue();
    }
}
