package zship.localnode.hub;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) as it comes, in bounded memory: the content of the part {@code file} goes
 * to a file, small parts are fields.
 *
 * @param fileName of the part {@code file}, as sent
 * @param fields the other parts, as text
 */
record Multipart(String fileName, Map<String, String> fields) {

    private static final int HEADER_LIMIT = 16 << 10;
    private static final int FIELD_LIMIT = 64 << 10;
    private static final int FIELDS = 100;
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=\"?([^\";]{1,70})\"?");
    private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename=\"([^\"]*)\"");
    private static final byte[] HEADER_END = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    /** Reads a body whose part {@code file} has at most {@code limit} bytes. The caller removes the file. */
    static Multipart receive(String contentType, InputStream in, Path target, long limit)
            throws IOException, HubRefusal {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
            throw new HubRefusal(400, "no file found");
        }
        Parts parts = new Parts(in, ("\r\n--" + boundary.group(1)).getBytes(StandardCharsets.ISO_8859_1));
        Map<String, String> fields = new HashMap<>();
        String fileName = null;
        int count = 0;
        parts.skipPreamble();
        for (String header = parts.next(); !header.isEmpty(); header = parts.next()) {
            Matcher name = NAME.matcher(header);
            Matcher sentName = FILE_NAME.matcher(header);
            String field = name.find() ? name.group(1) : "";
            if (field.equals("file") && fileName == null) {
                fileName = sentName.find() ? sentName.group(1) : "";
                try (OutputStream out = new BufferedOutputStream(
                        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW))) {
                    parts.copy(out, limit);
                }
            } else {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                boolean otherFile = sentName.find();
                parts.copy(otherFile ? OutputStream.nullOutputStream() : out, otherFile ? limit : FIELD_LIMIT);
                fields.put(field, out.toString(StandardCharsets.UTF_8));
            }
            if (++count > FIELDS) {
                throw new HubRefusal(400, "too many fields");
            }
        }
        if (fileName == null) {
            throw new HubRefusal(400, "no file found");
        }
        return new Multipart(fileName, Map.copyOf(fields));
    }

    /** The parts of one body. The buffer holds what was read and not yet used. */
    private static final class Parts {
        private final InputStream in;
        private final byte[] delimiter;
        private byte[] buffer = new byte[64 << 10];
        private int from;
        private int to;

        Parts(InputStream in, byte[] delimiter) {
            this.in = in;
            this.delimiter = delimiter;
            // The first delimiter has no line end before it where there is no preamble.
            buffer[0] = '\r';
            buffer[1] = '\n';
            to = 2;
        }

        void skipPreamble() throws IOException, HubRefusal {
            copy(OutputStream.nullOutputStream(), HEADER_LIMIT);
        }

        /** The header of the next part; empty after the last one. */
        String next() throws IOException, HubRefusal {
            while (to - from < 2) {
                fill();
            }
            if (buffer[from] == '-' && buffer[from + 1] == '-') {
                return "";
            }
            for (int end = find(HEADER_END); true; end = find(HEADER_END)) {
                if (end >= 0) {
                    String header = new String(buffer, from, end - from, StandardCharsets.UTF_8);
                    // The line end stays, as it begins the delimiter of an empty part.
                    from = end + HEADER_END.length;
                    return header + " ";
                }
                if (to - from > HEADER_LIMIT) {
                    throw new HubRefusal(400, "the header of a part is too long");
                }
                fill();
            }
        }

        /** Copies up to the delimiter, which is consumed. */
        void copy(OutputStream out, long limit) throws IOException, HubRefusal {
            long copied = 0;
            while (true) {
                int end = find(delimiter);
                int safe = end >= 0 ? end : Math.max(from, to - delimiter.length + 1);
                copied += safe - from;
                if (copied > limit) {
                    throw new HubRefusal(413, "the upload is larger than " + limit + " bytes");
                }
                out.write(buffer, from, safe - from);
                from = safe;
                if (end >= 0) {
                    from += delimiter.length;
                    return;
                }
                fill();
            }
        }

        private void fill() throws IOException, HubRefusal {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
            if (to == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            int count = in.read(buffer, to, buffer.length - to);
            if (count < 0) {
                throw new HubRefusal(400, "the upload is cut off");
            }
            to += count;
        }

        private int find(byte[] wanted) {
            for (int at = from; at <= to - wanted.length; at++) {
                int i = 0;
                while (i < wanted.length && buffer[at + i] == wanted[i]) {
                    i++;
                }
                if (i == wanted.length) {
                    return at;
                }
            }
            return -1;
        }
    }
}
