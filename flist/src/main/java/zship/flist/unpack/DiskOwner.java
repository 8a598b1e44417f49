package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import zship.flist.disk.FileStatus;

/** Finds out whether this process may give files away. */
final class DiskOwner {
    private DiskOwner() {
    }

    /** Whether files this process makes in {@code directory} belong to root. */
    static boolean isRoot(Path directory) throws IOException {
        Path probe = Files.createTempFile(directory, ".owner", ".probe");
        try {
            return FileStatus.of(probe).uid() == 0;
        } finally {
            Files.delete(probe);
        }
    }
}
