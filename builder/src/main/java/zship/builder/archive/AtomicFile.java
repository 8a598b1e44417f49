package zship.builder.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import org.apache.commons.io.output.CloseShieldOutputStream;

/** Writes a file under a temporary name beside it, forces it to the disk and renames it: it is whole or not there. */
public final class AtomicFile {

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {

        /** Writes all content to {@code out}; closing it is allowed. */
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {
    }

    /** Writes {@code content} to {@code file}, replacing it; when that fails the old file is still there. */
    public static void write(Path file, Content content) throws IOException {
        Path temporary = file.resolveSibling(
                ".%d.%d.tmp".formatted(ProcessHandle.current().pid(), Thread.currentThread().threadId()));
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            content.writeTo(CloseShieldOutputStream.wrap(Channels.newOutputStream(channel)));
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
