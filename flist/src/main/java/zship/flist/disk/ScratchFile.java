package zship.flist.disk;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file for what does not fit into memory. Its name is gone as soon as it is open, so that it takes room only as long as this
 * process needs it, however the process ends. It is where Java has temporary files ({@code java.io.tmpdir}).
 */
public final class ScratchFile implements AutoCloseable {
    private static final int ZEROS = 1 << 20;

    private final FileChannel channel;

    private ScratchFile(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * A file that has its name until this is closed, for something else to open it as well.
     *
     * @param file the file, which stays open
     * @param path its name
     */
    public record Named(ScratchFile file, Path path) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.delete(path);
        }
    }

    /** An empty file. */
    public static ScratchFile create() throws IOException {
        try (Named named = named()) {
            return named.file;
        }
    }

    /** An empty file that has a name for a while. */
    public static Named named() throws IOException {
        Path path = Files.createTempFile(folder(), "zship-", ".scratch");
        return new Named(
                new ScratchFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)), path);
    }

    /** Where such files are. */
    public static Path folder() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** Bytes in the file. */
    public long size() throws IOException {
        return channel.size();
    }

    /** Adds bytes to the end, and returns where they begin. */
    public long append(ByteBuffer bytes) throws IOException {
        long start = size();
        write(start, bytes);
        return start;
    }

    /** Puts bytes in the place of others. */
    public void write(long position, ByteBuffer bytes) throws IOException {
        for (long at = position; bytes.hasRemaining();) {
            at += channel.write(bytes, at);
        }
    }

    /** Fills {@code target} with what is at {@code position}. */
    public void read(long position, ByteBuffer target) throws IOException {
        for (long at = position; target.hasRemaining();) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new IOException("a temporary file became shorter");
            }
            at += read;
        }
    }

    /** The file as memory that begins with what is there and is zero behind it, for as long as {@code arena} lives. */
    public MemorySegment map(long bytes, Arena arena) throws IOException {
        // A full disk has to be told here: where memory has no room behind it, touching it breaks the process off.
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
        for (long rest = bytes - size(); rest > 0; rest = bytes - size()) {
            append(zeros.clear().limit((int) Math.min(rest, ZEROS)));
        }
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
    }

    /** What is in the file, from its beginning; closing that closes the file. */
    public InputStream input() throws IOException {
        return Channels.newInputStream(channel.position(0));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
