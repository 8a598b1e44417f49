package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import zship.flist.disk.FileStatus;

/**
 * Who owns what this process makes.
 *
 * @param uid owner, as its 32 bits
 * @param gid group, as its 32 bits
 */
record DiskOwner(int uid, int gid) {
    /** The owner of files that this process makes in {@code directory}, and of what it makes below. */
    static DiskOwner in(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, ".owner", ".probe");
        try {
            FileStatus status = FileStatus.of(probe);
            return new DiskOwner((int) status.uid(), (int) status.gid());
        } finally {
            Files.delete(probe);
        }
    }

    /** Whether this process may give files away. */
    boolean isRoot() {
        return uid == 0;
    }
}
