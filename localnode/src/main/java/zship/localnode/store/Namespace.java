package zship.localnode.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The values of one namespace: a file per key, named by the key in hexadecimal, in 256 folders by the key's first byte. A
 * value is there whole or not at all.
 */
final class Namespace {

    /** Longest key in bytes: file names hold 255 bytes, so longer keys are split into folders. */
    static final int LONGEST_KEY = 255;
    private static final int NAME_BYTES = 100;
    private static final String TEMPORARY = ".new-";

    private final Path directory;
    private final AtomicLong serial = new AtomicLong();

    Namespace(Path directory) {
        this.directory = directory;
    }

    Optional<byte[]> get(byte[] key) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(key)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    boolean exists(byte[] key) {
        return Files.isRegularFile(file(key));
    }

    OptionalLong length(byte[] key) throws IOException {
        try {
            return OptionalLong.of(Files.size(file(key)));
        } catch (NoSuchFileException missing) {
            return OptionalLong.empty();
        }
    }

    /** When the value was written, milliseconds since 1970. */
    OptionalLong writtenAt(byte[] key) throws IOException {
        try {
            return OptionalLong.of(Files.getLastModifiedTime(file(key)).toMillis());
        } catch (NoSuchFileException missing) {
            return OptionalLong.empty();
        }
    }

    /** Writes a value and waits until the disk has it; false when exactly this value is already there. */
    boolean set(byte[] key, byte[] value) throws IOException {
        Path target = file(key);
        if (sameContent(target, value)) {
            return false;
        }
        Files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling(
                TEMPORARY + ProcessHandle.current().pid() + "-" + serial.incrementAndGet());
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(value);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(false);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return true;
    }

    private static boolean sameContent(Path file, byte[] value) throws IOException {
        try {
            return Files.size(file) == value.length && Arrays.equals(Files.readAllBytes(file), value);
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    boolean delete(byte[] key) throws IOException {
        return Files.deleteIfExists(file(key));
    }

    /** Number of values and their bytes. */
    Size size() throws IOException {
        long entries = 0;
        long bytes = 0;
        try (var files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Namespace::isValue)::iterator) {
                entries++;
                bytes += Files.size(file);
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        return new Size(entries, bytes);
    }

    /** Removes what an interrupted write left behind. */
    void removeLeftovers() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.getFileName().toString().startsWith(TEMPORARY)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    boolean isEmpty() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }

    private static boolean isValue(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }

    private Path file(byte[] key) {
        String hex = HexFormat.of().formatHex(key);
        Path folder = directory.resolve(hex.isEmpty() ? "empty" : hex.substring(0, 2));
        int step = 2 * NAME_BYTES;
        for (int from = 0; from + step < hex.length(); from += step) {
            folder = folder.resolve("_" + hex.substring(from, from + step));
        }
        int last = hex.isEmpty() ? 0 : (hex.length() - 1) / step * step;
        return folder.resolve("k" + hex.substring(last));
    }

    /**
     * What a namespace holds.
     *
     * @param entries number of values
     * @param bytes   bytes of all values
     */
    record Size(long entries, long bytes) {
    }
}
