package zship.localnode;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends bytes as they are and shows replies as text: {@code +OK}, {@code :1}, {@code $-1}, {@code [a, b]}. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public RawClient send(String raw) throws IOException {
        socket.getOutputStream().write(raw.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    public RawClient push(Object... request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + request.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (Object element : request) {
            byte[] bytes = element instanceof byte[] raw ? raw : element.toString().getBytes(StandardCharsets.UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().write(out.toByteArray());
        return this;
    }

    public String ask(Object... request) throws IOException {
        return push(request).reply();
    }

    /** The next reply; {@code closed} at the end of the connection. */
    public String reply() throws IOException {
        String line = line();
        if (line.isEmpty()) {
            return "closed";
        }
        int number = line.charAt(0) == '$' || line.charAt(0) == '*' ? Integer.parseInt(line.substring(1)) : 0;
        if (line.charAt(0) == '$' && number >= 0) {
            String text = new String(in.readNBytes(number), StandardCharsets.UTF_8);
            in.skipNBytes(2);
            return text;
        }
        if (line.charAt(0) == '*' && number >= 0) {
            List<String> items = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                items.add(reply());
            }
            return items.toString();
        }
        return line;
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
