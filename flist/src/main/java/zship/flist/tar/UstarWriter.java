package zship.flist.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes regular files into a plain ustar archive, the only kind that every flist reader takes: no pax records, whole-second
 * times, proper end blocks. Owner is 0:0 and mode 0644 throughout.
 */
public final class UstarWriter {
    /** The most bytes of a file, for which a header has 11 octal digits. */
    public static final long LARGEST = (8L << 30) - 1;

    private static final int BLOCK = TarHeader.BLOCK;

    private final OutputStream out;

    /** Writes the bytes of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of them to {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes to {@code out}, which the caller closes after {@link #finish}. */
    public UstarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Adds one file.
     *
     * @param name at most 100 ASCII characters
     * @param content its bytes
     * @param modified seconds since 1970
     */
    public void file(String name, byte[] content, long modified) throws IOException {
        file(name, content.length, modified, body -> body.write(content));
    }

    /**
     * Adds one file, of which {@code content} writes as many bytes as it has.
     *
     * @param name at most 100 ASCII characters
     * @param size bytes, less than 8 GiB
     * @param modified seconds since 1970
     */
    public void file(String name, long size, long modified, Content content) throws IOException {
        if (name.length() > 100) {
            throw new IllegalArgumentException("the name '" + name + "' does not fit into a ustar header");
        }
        if (size > LARGEST) {
            throw new IOException("its " + size + " bytes do not fit into a ustar archive");
        }
        out.write(header(name, size, modified));
        content.writeTo(out);
        out.write(new byte[(int) (-size & BLOCK - 1)]);
    }

    private static byte[] header(String name, long size, long modified) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, octal(size, 11) + "\0");
        put(header, 136, octal(modified, 11) + "\0");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        return header;
    }

    /** Ends the archive with two zero blocks. */
    public void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private static String octal(long number, int digits) {
        String text = Long.toOctalString(number);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
