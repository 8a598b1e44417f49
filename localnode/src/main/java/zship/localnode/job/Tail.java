package zship.localnode.job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Follows a file that a program appends to. Characters split between two reads stay whole. A file that has been read and
 * grown over the limit is emptied, after a copy {@code <name>.1} when it is a log.
 */
final class Tail implements AutoCloseable {

    private static final int CHUNK = 32 << 10;
    private static final long ROTATE_AT = 8L << 20;

    private final Path file;
    private final boolean keepCopy;
    private final Consumer<String> sink;
    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
    private long position;

    /** Follows from the given position on. */
    Tail(Path file, long position, boolean keepCopy, Consumer<String> sink) throws IOException {
        this.file = file;
        this.position = position;
        this.keepCopy = keepCopy;
        this.sink = sink;
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Passes on what is new; false when nothing is. */
    boolean poll() throws IOException {
        boolean moved = false;
        while (readChunk()) {
            moved = true;
        }
        if (moved && position > ROTATE_AT) {
            rotate();
        }
        return moved;
    }

    private boolean readChunk() throws IOException {
        if (channel.size() < position) {
            position = 0;
        }
        int count = channel.read(bytes, position);
        if (count <= 0) {
            return false;
        }
        position += count;
        bytes.flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining());
        decoder.decode(bytes, characters, false);
        bytes.compact();
        emit(characters);
        return true;
    }

    private void emit(CharBuffer characters) {
        characters.flip();
        if (characters.hasRemaining()) {
            sink.accept(characters.toString());
        }
    }

    private void rotate() throws IOException {
        if (keepCopy) {
            Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        // What was written while that took its time must not be lost for who follows.
        while (readChunk()) {
            continue;
        }
        channel.truncate(0);
        position = 0;
    }

    /** Passes on what is left, including half a character, and closes the file. */
    @Override
    public void close() throws IOException {
        try (channel) {
            poll();
            bytes.flip();
            CharBuffer characters = CharBuffer.allocate(bytes.remaining() + 1);
            decoder.decode(bytes, characters, true);
            emit(characters);
        }
    }
}
