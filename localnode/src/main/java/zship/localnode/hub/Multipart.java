package zship.localnode.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the one file of a {@code multipart/form-data} body (RFC 7578) without holding it in memory. */
final class Multipart {

    private static final int HEADER_LIMIT = 16 << 10;
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=\"?([^\";]{1,70})\"?");
    private static final Pattern NAME = Pattern.compile("(?i)[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename=\"([^\"]*)\"");

    private final String boundary;
    private final Path body;

    private Multipart(String boundary, Path body) {
        this.boundary = boundary;
        this.body = body;
    }

    /** Stores a body, up to a limit; the caller removes the file. */
    static Multipart receive(String contentType, InputStream in, Path body, long limit) throws IOException, HubRefusal {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
            throw new HubRefusal(400, "no file found");
        }
        byte[] buffer = new byte[64 << 10];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(body, StandardOpenOption.CREATE_NEW)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > limit) {
                    throw new HubRefusal(413, "the upload is larger than " + limit + " bytes");
                }
                out.write(buffer, 0, count);
            }
        }
        return new Multipart(boundary.group(1), body);
    }

    /**
     * Copies the content of the part {@code file}.
     *
     * @return its file name, as sent
     */
    String extract(Path target) throws IOException, HubRefusal {
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        try (FileChannel channel = FileChannel.open(body, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            int at = find(bytes, 0, ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1));
            while (at >= 0) {
                int headerEnd = find(bytes, at, "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                int end = headerEnd < 0 ? -1 : find(bytes, headerEnd + 2, delimiter);
                if (end < 0 || headerEnd - at > HEADER_LIMIT) {
                    throw new HubRefusal(400, at == 0 ? "the upload is cut off" : "no file found");
                }
                byte[] header = new byte[headerEnd - at];
                bytes.get(at, header);
                String text = new String(header, StandardCharsets.UTF_8);
                Matcher name = NAME.matcher(text);
                if (name.find() && name.group(1).equals("file")) {
                    copy(channel, headerEnd + 4, end, target);
                    Matcher fileName = FILE_NAME.matcher(text);
                    return fileName.find() ? fileName.group(1) : "";
                }
                at = end + 2;
            }
        }
        throw new HubRefusal(400, "no file found");
    }

    private static void copy(FileChannel source, long from, long to, Path target) throws IOException {
        try (FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long at = from;
            while (at < to) {
                at += source.transferTo(at, to - at, out);
            }
        }
    }

    private static int find(ByteBuffer bytes, int from, byte[] wanted) {
        for (int at = from; at <= bytes.limit() - wanted.length; at++) {
            int i = 0;
            while (i < wanted.length && bytes.get(at + i) == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
