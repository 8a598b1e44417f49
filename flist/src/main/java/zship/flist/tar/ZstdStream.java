package zship.flist.tar;

import java.io.IOException;
import java.io.InputStream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

/**
 * The content of a zstd stream of one or several frames. Checksums are verified where a frame has one. Only this class refers to
 * the library, so that nothing of it is loaded before there is such a stream.
 */
final class ZstdStream extends InputStream {
    /** The window is memory outside of the heap, and a stream can ask for terabytes. The zstd program has the same limit. */
    private static final int LARGEST_WINDOW_LOG = 27;

    private final ZstdInputStreamNoFinalizer in;

    private ZstdStream(ZstdInputStreamNoFinalizer in) {
        this.in = in;
    }

    /**
     * The content of {@code compressed}, which is closed with it.
     *
     * @throws MalformedTarException when the native library is not there for this machine
     */
    static InputStream open(InputStream compressed) throws IOException {
        try {
            return new ZstdStream(new ZstdInputStreamNoFinalizer(compressed).setLongMax(LARGEST_WINDOW_LOG));
        } catch (LinkageError e) {
            throw new MalformedTarException(
                    "it is compressed with zstd, whose library cannot be loaded on this machine: " + e.getMessage(), e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        try {
            return in.read(buffer, start, length);
        } catch (ZstdIOException e) {
            throw new MalformedTarException(reason(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static String reason(ZstdIOException e) {
        return e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
                ? "it is compressed with a zstd window of more than " + (1 << LARGEST_WINDOW_LOG - 20) + " MiB"
                : "its zstd stream is damaged: " + e.getMessage();
    }
}
