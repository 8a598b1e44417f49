package zship.builder.archive;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

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
            OutputStream out = new OpenStream(Channels.newOutputStream(channel));
            content.writeTo(out);
            channel.force(true);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A stream whose close leaves the file open, which must still be forced to the disk. */
    private static final class OpenStream extends FilterOutputStream {

        OpenStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
