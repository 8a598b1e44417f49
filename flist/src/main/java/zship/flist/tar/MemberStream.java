package zship.flist.tar;

import java.io.IOException;
import java.io.InputStream;

/** The content of a reader's current member as a stream; closing it leaves the archive open. */
final class MemberStream extends InputStream {
    private final TarReader tar;

    MemberStream(TarReader tar) {
        this.tar = tar;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return tar.read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = tar.read(buffer, start, length);
        return read == 0 ? -1 : read;
    }
}
