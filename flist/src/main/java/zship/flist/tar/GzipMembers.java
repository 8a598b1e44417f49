package zship.flist.tar;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * What one or several gzip members in a row hold. Java's own stream passes over what follows the last one; programs in Go end with
 * an error there.
 */
public final class GzipMembers extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int FIRST = 0x1f;
    private static final int SECOND = 0x8b;

    private final BufferedInputStream in;
    private GzipCompressorInputStream member;

    /**
     * Begins to read.
     *
     * @param file where the first member begins; closed with this stream
     * @throws ZipException when none does
     */
    public GzipMembers(InputStream file) throws IOException {
        this.in = new BufferedInputStream(file, BUFFER);
        if (!isAtMember()) {
            throw new ZipException("it is not compressed by gzip");
        }
        this.member = member();
    }

    /** Whether something follows the last member. To be asked when this stream is at its end. */
    public boolean hasTrailingBytes() throws IOException {
        in.mark(1);
        boolean more = in.read() >= 0;
        in.reset();
        return more;
    }

    /**
     * Reads on.
     *
     * @throws EOFException when the last member is cut short
     * @throws ZipException when a member is damaged
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (true) {
            int count = readMember(target, offset, length);
            if (count >= 0 || !isAtMember()) {
                return count;
            }
            member = member();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int readMember(byte[] target, int offset, int length) throws IOException {
        try {
            return member.read(target, offset, length);
        } catch (EOFException cut) {
            throw cut;
        } catch (IOException damaged) {
            throw damage(damaged);
        }
    }

    private GzipCompressorInputStream member() throws IOException {
        try {
            return new GzipCompressorInputStream(in);
        } catch (EOFException cut) {
            throw cut;
        } catch (IOException damaged) {
            throw damage(damaged);
        }
    }

    private static ZipException damage(IOException cause) {
        ZipException damaged = new ZipException(String.valueOf(cause.getMessage()));
        damaged.initCause(cause);
        return damaged;
    }

    private boolean isAtMember() throws IOException {
        in.mark(2);
        boolean at = in.read() == FIRST && in.read() == SECOND;
        in.reset();
        return at;
    }
}
