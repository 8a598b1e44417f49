package zship.flist.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The right to replace a file, which one process at a time has: {@code flock(2)} on the file itself. Nothing lies beside it, and
 * the kernel takes the lock back from a process that is killed.
 *
 * <p>The locks of {@code java.nio} cannot serve here: the kernel drops them as soon as the process closes the file anywhere else,
 * as it does whenever it reads it.
 */
public final class WriteLock implements AutoCloseable {
    private final Descriptor file;

    private WriteLock(Descriptor file) {
        this.file = file;
    }

    /**
     * Waits until nobody else holds {@code file}, which may be a link to it.
     *
     * @throws IOException when it is not there or may not be written
     */
    public static WriteLock of(Path file) throws IOException {
        while (true) {
            Descriptor opened = Descriptor.forWriting(file);
            boolean held = false;
            try {
                opened.lock();
                // Whoever held the lock before has put another file in place, which is the one to lock now.
                held = opened.isCurrent();
            } finally {
                if (!held) {
                    opened.close();
                }
            }
            if (held) {
                return new WriteLock(opened);
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
