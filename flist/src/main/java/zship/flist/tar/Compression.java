package zship.flist.tar;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** The gzip layer that a tar may have. */
public final class Compression {
    private static final int BUFFER = 1 << 16;

    private Compression() {
    }

    /** {@code file} without its gzip layer, if it has one. */
    public static InputStream removed(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file, BUFFER);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
    }
}
