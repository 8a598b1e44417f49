package zship.cli.session;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that a command takes into memory as a whole. What a pipe or device holds is not known before it is read. */
public final class SmallFile {
    private SmallFile() {
    }

    /** The content of {@code file}; empty when it has more than {@code most} bytes, of which no more are read. */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(most + 1);
            return content.length > most ? Optional.empty() : Optional.of(content);
        }
    }

    /**
     * The same for text in UTF-8.
     *
     * @throws IOException when it cannot be read, or is something else
     */
    public static Optional<String> readText(Path file, int most) throws IOException {
        Optional<byte[]> content = read(file, most);
        try {
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional
                            .of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.get())).toString());
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }
}
