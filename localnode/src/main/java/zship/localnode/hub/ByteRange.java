package zship.localnode.hub;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.Headers;

/**
 * A part of a file that a client asks for (RFC 9110, section 14), so that it can go on with an interrupted download.
 *
 * @param first first byte
 * @param last last byte; before the first one when the file has no such part
 */
record ByteRange(long first, long last) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** The part that is wanted; empty for the whole file, also when it is another file than the client has a part of. */
    static Optional<ByteRange> wanted(Headers headers, String tag, long size) {
        String range = String.valueOf(headers.getFirst("Range"));
        String condition = headers.getFirst("If-Range");
        Matcher one = ONE.matcher(range);
        if (!one.matches() || range.equals("bytes=-") || condition != null && !condition.equals(tag)) {
            return Optional.empty();
        }
        if (one.group(1).isEmpty()) {
            return Optional.of(new ByteRange(Math.max(0, size - Long.parseLong(one.group(2))), size - 1));
        }
        long first = Long.parseLong(one.group(1));
        long last = one.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(one.group(2)));
        return Optional.of(new ByteRange(first, last));
    }

    long length() {
        return last - first + 1;
    }

    /** Copies this part of a file. */
    void copy(FileChannel file, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        long at = first;
        while (at <= last) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), last - at + 1));
            int count = file.read(buffer, at);
            if (count < 0) {
                throw new IOException("the file became shorter");
            }
            out.write(buffer.array(), 0, count);
            at += count;
        }
    }
}
