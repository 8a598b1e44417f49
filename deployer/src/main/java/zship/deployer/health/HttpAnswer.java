package zship.deployer.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one HTTP request on a connection of its own. Spoken on a socket because a source's request and its
 * {@code 100 Continue} are no business of ordinary HTTP clients.
 *
 * @param status the status; 100 when the server asks to go on
 * @param body the body, empty when it was not read
 */
record HttpAnswer(int status, String body) {

    /** Longer than a SYN's first retries: Icecast's listen backlog is 5. */
    private static final int CONNECT_MILLIS = 4000;
    private static final int READ_MILLIS = 5000;
    private static final int MAX_HEADER = 64 * 1024;
    private static final int MAX_BODY = 1024 * 1024;

    /** Sends a request and reads the status line, and the body when there is one to read. */
    static HttpAnswer exchange(HealthTarget target, String request, boolean withBody) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), withBody);
        }
    }

    /** Reads an answer up to the end of its header, or of its body. */
    static HttpAnswer read(InputStream in, boolean withBody) throws IOException {
        String header = header(in);
        return new HttpAnswer(status(header), withBody ? body(in) : "");
    }

    private static String header(InputStream in) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        while (header.size() < MAX_HEADER) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            header.write(next);
            if (next == '\n' && header.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        if (header.size() == 0) {
            throw new IOException("the connection was closed without an answer");
        }
        return header.toString(StandardCharsets.ISO_8859_1);
    }

    private static int status(String header) throws IOException {
        String[] words = header.lines().findFirst().orElse("").split(" ");
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[0-9]{3}")) {
            throw new IOException("the answer is not HTTP");
        }
        return Integer.parseInt(words[1]);
    }

    private static String body(InputStream in) throws IOException {
        return new String(in.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
    }
}
