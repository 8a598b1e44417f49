package zship.flist.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files that this process has open. */
public final class OpenFiles {
    private OpenFiles() {
    }

    /** Those that have a name, and one with this ending. */
    public static List<Path> named(String ending) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            // The kernel adds a word to a name that is gone.
            return descriptors.flatMap(descriptor -> target(descriptor).stream())
                    .filter(file -> file.toString().endsWith(ending)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor));
        } catch (IOException closedSinceThen) {
            return Optional.empty();
        }
    }
}
