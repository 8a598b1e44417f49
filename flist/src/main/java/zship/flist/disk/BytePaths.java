package zship.flist.disk;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Converts between paths and their bytes without passing through the platform's encoding, which would lose names that are not
 * valid in it. The way is the {@code file:} URI: on Unix it carries every byte of a path, percent-encoded.
 */
public final class BytePaths {
    private BytePaths() {
    }

    /** The entry {@code name} of {@code directory}; the name holds neither slash nor NUL. */
    public static Path child(Path directory, byte[] name) {
        if (isAscii(name)) {
            return directory.resolve(new String(name, StandardCharsets.US_ASCII));
        }
        StringBuilder uri = new StringBuilder(directory.toUri().toString());
        if (uri.charAt(uri.length() - 1) != '/') {
            uri.append('/');
        }
        for (byte b : name) {
            uri.append('%').append(hex(b >> 4)).append(hex(b));
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** The bytes of the last name of {@code path}. */
    public static byte[] name(Path path) {
        Path name = path.getFileName();
        return name == null ? new byte[0] : bytes(name);
    }

    /** The bytes of {@code path}, which may be relative. */
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        // The root in front makes a relative path absolute without consulting the working directory.
        byte[] absolute = decode(Path.of("/").resolve(path).toUri().getRawPath());
        int start = path.isAbsolute() ? 0 : 1;
        boolean slashAdded = absolute[absolute.length - 1] == '/' && !text.endsWith("/");
        int end = absolute.length - (slashAdded ? 1 : 0);
        byte[] bytes = new byte[end - start];
        System.arraycopy(absolute, start, bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] decode(String rawPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawPath.length());
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c == '%') {
                bytes.write(
                        Character.digit(rawPath.charAt(i + 1), 16) << 4 | Character.digit(rawPath.charAt(i + 2), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /** Bytes that the platform's encoding does not know decode to a character that is not ASCII either. */
    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 15, 16));
    }
}
