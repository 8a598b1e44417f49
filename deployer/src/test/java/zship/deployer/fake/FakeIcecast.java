package zship.deployer.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on 127.0.0.1 that takes sources and serves listeners as Icecast does, or with a fault. */
public final class FakeIcecast implements AutoCloseable {

    /** What goes wrong. */
    public enum Fault {
        NONE, FULL, HIDES_MOUNTS, SENDS_OTHER_BYTES, ENDS_LISTENERS
    }

    private final ServerSocket server;
    private final String credentials;
    private final Fault fault;
    private final Map<String, BlockingQueue<byte[]>> mounts = new ConcurrentHashMap<>();

    private FakeIcecast(ServerSocket server, String password, Fault fault) {
        this.server = server;
        this.credentials = "Basic " + Base64.getEncoder()
                .encodeToString(("source:" + password).getBytes(StandardCharsets.UTF_8));
        this.fault = fault;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    public static FakeIcecast start(String password, Fault fault) {
        try {
            return new FakeIcecast(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()), password, fault);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The mounts with a source. */
    public Map<String, ?> mounts() {
        return mounts;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String header = header(socket.getInputStream());
            String path = header.split(" ")[1];
            OutputStream out = socket.getOutputStream();
            if (header.startsWith("PUT ")) {
                source(socket, header, path);
            } else if (path.equals("/status-json.xsl")) {
                out.write(FakeService.json("{\"icestats\":{\"source\":[" + list() + "]}}")
                        .getBytes(StandardCharsets.UTF_8));
            } else {
                out.write("HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                listen(path, out);
            }
        } catch (IOException | InterruptedException e) {
            // The other side went away.
            return;
        }
    }

    private void source(Socket socket, String header, String path) throws IOException {
        boolean known = header.contains("Authorization: " + credentials + "\r\n");
        String answer = !known ? "HTTP/1.0 401 No" : fault == Fault.FULL ? "HTTP/1.0 403 No" : "HTTP/1.1 100 Continue";
        socket.getOutputStream().write((answer + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        if (!answer.endsWith("Continue")) {
            return;
        }
        BlockingQueue<byte[]> queue = mounts.computeIfAbsent(path, p -> new LinkedBlockingQueue<>());
        try {
            byte[] buffer = new byte[1000];
            for (int count = socket.getInputStream().read(buffer); count >= 0; count = socket.getInputStream()
                    .read(buffer)) {
                queue.add(java.util.Arrays.copyOf(buffer, count));
            }
        } finally {
            mounts.remove(path);
        }
    }

    private void listen(String path, OutputStream out) throws IOException, InterruptedException {
        while (fault != Fault.ENDS_LISTENERS && mounts.containsKey(path)) {
            byte[] piece = mounts.get(path).take();
            out.write(fault == Fault.SENDS_OTHER_BYTES ? new byte[piece.length] : piece);
        }
    }

    private String list() {
        return fault == Fault.HIDES_MOUNTS
                ? ""
                : String.join(",", mounts.keySet().stream()
                        .map(mount -> "{\"listenurl\":\"http://localhost:8000" + mount + "\"}").toList());
    }

    private static String header(InputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        for (int next = in.read(); next >= 0 && header.indexOf("\r\n\r\n") < 0; next = in.read()) {
            header.append((char) next);
            if (header.indexOf("\r\n\r\n") >= 0) {
                break;
            }
        }
        return header.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
