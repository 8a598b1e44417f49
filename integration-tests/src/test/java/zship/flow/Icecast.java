package zship.flow;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A source client and a listener of an Icecast, spoken by hand so that a test sees the bytes. */
final class Icecast {
    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;

    Icecast(int port) {
        this.port = port;
    }

    /** The status of a GET. */
    int get(String path) throws IOException {
        try (Socket socket = request("GET " + path + " HTTP/1.0\r\n\r\n")) {
            return status(socket);
        }
    }

    /** The status a source with this password is met with; 100 or 200 when it is accepted. */
    int sourceStatus(String password) throws IOException {
        try (Socket socket = source("/probe-" + System.nanoTime() + ".ogg", password)) {
            return status(socket);
        }
    }

    /** Opens a source; what is written to the socket is streamed. */
    Socket source(String mount, String password) throws IOException {
        return source(mount, password, "application/ogg");
    }

    /** Opens a source of another type, which asks for an entry in the directories. */
    Socket source(String mount, String password, String type) throws IOException {
        String credentials = Base64.getEncoder()
                .encodeToString(("source:" + password).getBytes(StandardCharsets.UTF_8));
        return request("PUT " + mount + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic " + credentials
                + "\r\nContent-Type: " + type
                + "\r\nIce-Public: 1\r\nExpect: 100-continue\r\nUser-Agent: test\r\n\r\n");
    }

    /** Opens a listener and reads past the head of the answer. */
    Socket listen(String mount) throws IOException {
        Socket socket = request("GET " + mount + " HTTP/1.0\r\nUser-Agent: test\r\n\r\n");
        int status = status(socket);
        if (status != 200) {
            socket.close();
            throw new IOException("listening to " + mount + " was answered by " + status);
        }
        return socket;
    }

    /** Reads the head of an answer and returns its status. */
    static int status(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            last = (last << 8) | next;
            if (last == 0x0d0a0d0a) {
                break;
            }
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        if (!text.startsWith("HTTP/1.")) {
            throw new IOException("no HTTP answer: '" + text + "'");
        }
        return Integer.parseInt(text.substring(9, 12));
    }

    private Socket request(String text) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return socket;
    }
}
