package zship.flist;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of one entry in a directory: 1 to 255 bytes as the file system has them, never normalised and not necessarily
 * UTF-8. A name holds no {@code /} and no NUL and is neither {@code .} nor {@code ..}. Names order by their unsigned bytes.
 */
public final class Name implements Comparable<Name> {
    /** The longest name Linux file systems take, in bytes. */
    public static final int MAX_BYTES = 255;

    private final byte[] bytes;

    private Name(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The name with these bytes (copied).
     *
     * @throws IllegalArgumentException when they are no valid name; the message says why
     */
    public static Name of(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a name has 1 to 255 bytes, not " + bytes.length);
        }
        for (byte b : bytes) {
            if (b == 0 || b == '/') {
                throw new IllegalArgumentException(
                        "the name '" + ByteText.show(bytes) + "' holds " + (b == 0 ? "a NUL byte" : "a slash"));
            }
        }
        if (bytes[0] == '.' && (bytes.length == 1 || bytes.length == 2 && bytes[1] == '.')) {
            throw new IllegalArgumentException("'" + ByteText.show(bytes) + "' is not a name");
        }
        return new Name(bytes.clone());
    }

    /**
     * The name whose bytes are {@code text} in UTF-8.
     *
     * @throws IllegalArgumentException when it is no valid name; the message says why
     */
    public static Name of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of the name (a copy). */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether every byte is ASCII, so that the name is the same text in any file system encoding. */
    public boolean isAscii() {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Name other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The name as text; control characters and bytes that are not UTF-8 appear as {@code \xHH}, backslashes doubled. */
    @Override
    public String toString() {
        return ByteText.show(bytes);
    }

    byte[] rawBytes() {
        return bytes;
    }
}
