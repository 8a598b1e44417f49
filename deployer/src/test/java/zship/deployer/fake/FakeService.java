package zship.deployer.fake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A server on 127.0.0.1 that behaves as told, for one request a connection. */
public final class FakeService implements AutoCloseable {

    /** What is answered to a request, given its lines; an empty answer closes the connection. */
    @FunctionalInterface
    public interface Behaviour {

        /** The whole answer. */
        String answer(List<String> request);
    }

    private final ServerSocket server;
    private final Thread acceptor;

    private FakeService(ServerSocket server, Behaviour behaviour) {
        this.server = server;
        this.acceptor = Thread.ofPlatform().daemon().start(() -> accept(behaviour));
    }

    /** Listens on a port, 0 for any. */
    public static FakeService listen(int port, Behaviour behaviour) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new FakeService(server, behaviour);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Icecast with a source password. */
    public static Behaviour icecast(String password) {
        String good = "Authorization: Basic "
                + Base64.getEncoder().encodeToString(("source:" + password).getBytes(StandardCharsets.UTF_8));
        return request -> {
            if (request.getFirst().startsWith("PUT ")) {
                return request.contains(good)
                        ? "HTTP/1.1 100 Continue\r\n\r\n"
                        : "HTTP/1.0 401 Authentication Required\r\nContent-Length: 0\r\n\r\n";
            }
            return json("{\"icestats\":{\"host\":\"localhost\"}}");
        };
    }

    /** A 200 with a body. */
    public static String json(String body) {
        return "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void accept(Behaviour behaviour) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, behaviour));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket socket, Behaviour behaviour) {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            if (!lines.isEmpty()) {
                socket.getOutputStream().write(behaviour.answer(lines).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The prober closed first, as it may.
            return;
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
