package zship.builder.root;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads paths as UTF-8, whatever the caller's locale: with {@code LANG=C} the platform turns every other byte into a
 * replacement character. The way is the {@code file:} URI, which on Unix carries each byte of a path.
 */
final class Utf8Names {

    private Utf8Names() {
    }

    /**
     * Returns the text of a path, which may be relative.
     *
     * @throws IOException that names the path when it is not UTF-8
     */
    static String of(Path path) throws IOException {
        String text = path.toString();
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        // The root in front makes a relative path absolute without the working directory.
        String raw = Path.of("/").resolve(path).toUri().getRawPath();
        String whole;
        try {
            whole = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(raw))).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("the name %s is not UTF-8".formatted(raw), e);
        }
        // The URI of what happens to be a directory gets a slash.
        String plain = whole.endsWith("/") && !text.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
        return path.isAbsolute() ? plain : plain.substring(1);
    }

    private static byte[] bytes(String raw) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
