package zship.localnode.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The log of a program that runs long: one file and the one before it, changed when the program starts. */
public final class ProgramLog {
    private static final long LARGEST = 4 << 20;

    private ProgramLog() {
    }

    /**
     * The file to append to; one of more than 4 MiB becomes {@code FILE.1} first.
     *
     * @throws IOException when its folder cannot be made or the file not be renamed
     */
    public static Path open(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file) && Files.size(file) > LARGEST) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
