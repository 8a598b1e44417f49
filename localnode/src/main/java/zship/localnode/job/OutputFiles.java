package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The files a process reads from and writes to, mode 0600. */
record OutputFiles(Path stdin, Path stdout, Path stderr, boolean kept) implements AutoCloseable {

    private static final Path NOTHING = Path.of("/dev/null");

    /** New files in {@code work}, or the log of that name; {@code input} becomes the standard input. */
    static OutputFiles create(Path work, Optional<Path> log, String input) throws IOException {
        Path base = log.orElse(work.resolve("job-" + System.nanoTime() + "-" + Thread.currentThread().threadId()));
        Path stdin = NOTHING;
        if (!input.isEmpty()) {
            stdin = touch(Path.of(base + ".in"));
            Files.writeString(stdin, input);
        }
        return new OutputFiles(stdin, touch(Path.of(base + ".out")), touch(Path.of(base + ".err")), log.isPresent());
    }

    private static Path touch(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))).close();
        }
        return file;
    }

    /** The process has its input open: the file is not needed any more. */
    void inputOpened() throws IOException {
        if (!stdin.equals(NOTHING)) {
            Files.deleteIfExists(stdin);
        }
    }

    @Override
    public void close() throws IOException {
        inputOpened();
        if (!kept) {
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        }
    }
}
