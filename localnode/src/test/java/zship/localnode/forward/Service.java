package zship.localnode.forward;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands for a service in a container: each connection is greeted with its name, then left to the test. */
final class Service implements AutoCloseable {

    private final ServerSocket server;
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
    private final Thread acceptor;

    Service(String name) throws IOException {
        server = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        acceptor = Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket client = server.accept();
                    client.getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
                    accepted.add(client);
                } catch (IOException e) {
                    if (!server.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next connection, from the side of the service. */
    Socket next() throws InterruptedException {
        Socket next = accepted.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new IllegalStateException("nobody connected");
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // The kernel's socket goes when the last thread has left it.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket client : accepted) {
            client.close();
        }
    }
}
