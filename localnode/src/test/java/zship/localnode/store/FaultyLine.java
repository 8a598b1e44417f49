package zship.localnode.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A line between a client and a server that breaks, garbles or goes to somewhere else when told to. */
final class FaultyLine implements AutoCloseable {
    /** What happens to the bytes of an answer. */
    interface Garbling {
        byte[] apply(byte[] answer);
    }

    private final ServerSocket listener;
    private final AtomicInteger server = new AtomicInteger();
    private final AtomicLong budget = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger breaks = new AtomicInteger();
    private final AtomicReference<Garbling> garbling = new AtomicReference<>(answer -> answer);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FaultyLine(int server) throws IOException {
        this.server.set(server);
        this.listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Breaks every connection after so many more bytes of requests, so often; then the line is good again. */
    void breakAfter(long bytes, int times) {
        breaks.set(times);
        budget.set(bytes);
    }

    void garble(Garbling change) {
        garbling.set(change);
    }

    /** Cuts all connections and leads new ones to another port. */
    void leadTo(int port) {
        server.set(port);
        open.forEach(FaultyLine::drop);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket behind = new Socket();
                open.add(client);
                open.add(behind);
                try {
                    behind.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.get()));
                    Thread.ofVirtual().start(() -> requests(client, behind));
                    Thread.ofVirtual().start(() -> answers(behind, client));
                } catch (IOException refused) {
                    drop(client);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void requests(Socket client, Socket behind) {
        try {
            InputStream in = client.getInputStream();
            OutputStream out = behind.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (budget.addAndGet(-read) < 0 && breaks.get() > 0) {
                    budget.set(breaks.decrementAndGet() > 0 ? read : Long.MAX_VALUE);
                    break;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException broken) {
            drop(behind);
        }
        drop(client);
        drop(behind);
    }

    private void answers(Socket behind, Socket client) {
        try {
            InputStream in = behind.getInputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                client.getOutputStream().write(garbling.get().apply(java.util.Arrays.copyOf(buffer, read)));
            }
        } catch (IOException broken) {
            drop(client);
        }
        drop(client);
    }

    private static void drop(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException closed) {
            assert socket.isClosed() : closed;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(FaultyLine::drop);
    }
}
