package zship.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** A SHA-256 digest, written as 64 lower-case hexadecimal digits. */
public record Sha256(String hex) {

    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER = 128 * 1024;

    /** Creates a digest from its digits, refusing any other shape. */
    public Sha256 {
        if (!SHAPE.matcher(hex).matches()) {
            throw new IllegalArgumentException("not a SHA-256 digest of 64 hexadecimal digits: " + hex);
        }
    }

    /** Parses hexadecimal digits of either case. */
    public static Sha256 of(String hex) {
        return new Sha256(hex.toLowerCase(Locale.ROOT));
    }

    /** Computes the digest of a text in UTF-8. */
    public static Sha256 ofText(String text) {
        return ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Computes the digest of bytes. */
    public static Sha256 ofBytes(byte[] bytes) {
        return of(newDigest(), bytes);
    }

    /** Computes the digest of a file's content. */
    public static Sha256 ofFile(Path file) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return of(digest, new byte[0]);
    }

    private static Sha256 of(MessageDigest digest, byte[] rest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest(rest)));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
