package zship.localnode.attendant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The log of the attendant: one file and the one before it. */
final class AttendantLog {
    private static final long LARGEST = 4 << 20;

    private AttendantLog() {
    }

    /** Makes room when the file has become large. */
    static Path open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file) && Files.size(file) > LARGEST) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
