package zship.recorded;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection whose replies are shown as they come over the wire. */
final class RawRedis implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawRedis(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        socket = new Socket(InetAddress.ofLiteral(address.substring(0, colon)),
                Integer.parseInt(address.substring(colon + 1)));
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    String raw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return reply();
    }

    String ask(String... request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("*" + request.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (String element : request) {
            byte[] bytes = element.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(bytes);
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().write(out.toByteArray());
        return reply();
    }

    /** The text of a bulk reply. */
    String text(String... request) throws IOException {
        String reply = ask(request);
        if (!reply.startsWith("$") || reply.startsWith("$-1")) {
            throw new IOException(String.join(" ", request) + " gave " + reply);
        }
        return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
    }

    private String reply() throws IOException {
        String line = line();
        if (line.isEmpty()) {
            return "closed";
        }
        int number = line.charAt(0) == '$' || line.charAt(0) == '*' ? Integer.parseInt(line.substring(1)) : -1;
        StringBuilder whole = new StringBuilder(line).append("\r\n");
        if (line.charAt(0) == '$' && number >= 0) {
            whole.append(new String(in.readNBytes(number + 2), StandardCharsets.UTF_8));
        } else if (line.charAt(0) == '*') {
            for (int i = 0; i < number; i++) {
                whole.append(reply());
            }
        }
        return whole.toString();
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
