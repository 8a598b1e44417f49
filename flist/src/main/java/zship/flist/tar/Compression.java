package zship.flist.tar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The gzip or zstd layer that a tar may have, known by its first bytes. */
public final class Compression {
    private static final int BUFFER = 1 << 16;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private Compression() {
    }

    /** {@code file} without its gzip or zstd layer, if it has one. Closing the result closes {@code file}. */
    public static InputStream removed(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file, BUFFER);
        return isZstd(in) ? new BufferedInputStream(ZstdStream.open(in), BUFFER) : withoutGzip(in);
    }

    /** {@code file} without its gzip layer, if it has one, for what others have to read too. */
    public static InputStream gzipRemoved(InputStream file) throws IOException {
        return withoutGzip(new BufferedInputStream(file, BUFFER));
    }

    private static InputStream withoutGzip(BufferedInputStream in) throws IOException {
        return Arrays.equals(first(in, GZIP.length), GZIP)
                ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER)
                : in;
    }

    /** A frame to be skipped may come first, as pzstd writes it: its magic number has sixteen values (RFC 8878, 3.1.2). */
    private static boolean isZstd(BufferedInputStream in) throws IOException {
        byte[] first = first(in, ZSTD.length);
        boolean skipped = first.length == ZSTD.length && (first[0] & 0xf0) == 0x50 && first[1] == 0x2a
                && first[2] == 0x4d && first[3] == 0x18;
        return skipped || Arrays.equals(first, ZSTD);
    }

    private static byte[] first(BufferedInputStream in, int bytes) throws IOException {
        in.mark(bytes);
        byte[] first = in.readNBytes(bytes);
        in.reset();
        return first;
    }
}
