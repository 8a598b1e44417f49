package zship.localnode.forward;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Listens on one TCP port of 127.0.0.1 and passes its connections to a container. While it leads nowhere, connections are made all
 * the same, by the kernel, and wait until it leads somewhere or is closed; so nobody is refused while a port moves from one
 * container to another.
 */
final class Listener extends OpenPort {

    private static final System.Logger LOG = System.getLogger("zship.localnode.forward");
    /** How many connections wait in the kernel at most; it takes the smaller of this and {@code net.core.somaxconn}. */
    private static final int MOST_WAITING = 4096;
    /** How many are passed on at a time; more of them wait. */
    private static final int MOST_CONNECTIONS = 4096;
    private static final long NO_DESCRIPTOR_MILLIS = 100;

    private final ServerSocketChannel server;
    private final SocketSource sockets;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private final Thread acceptor;

    private Listener(String name, ServerSocketChannel server, SocketSource sockets, Target target) {
        super(target);
        this.acceptor = Thread.ofVirtual().name(name).unstarted(this::accept);
        this.server = server;
        this.sockets = sockets;
    }

    /**
     * Starts to listen.
     *
     * @throws BindException when the port is taken
     * @throws IOException when it is one of those that the system keeps for root
     */
    static Listener open(int port, SocketSource sockets, Target target) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
        boolean bound = false;
        try {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), MOST_WAITING);
            bound = true;
        } catch (BindException failed) {
            throw reason(failed, port);
        } finally {
            if (!bound) {
                server.close();
            }
        }
        Listener listener = new Listener("port " + port, server, sockets, target);
        listener.acceptor.start();
        return listener;
    }

    /** Stops listening: connections that wait are reset, those that were passed on go on. */
    @Override
    void close() {
        try {
            server.close();
            wake();
            room.release();
            // The kernel's socket goes when the last thread has left it.
            acceptor.join();
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "a port is not closed: {0}", stuck.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                room.acquire();
                boolean passed = false;
                try {
                    passed = acceptOne();
                } finally {
                    if (!passed) {
                        room.release();
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean acceptOne() throws InterruptedException {
        try {
            SocketChannel client = server.accept();
            Relay relay = new Relay(client);
            Optional<Target> leads = await();
            if (leads.isEmpty()) {
                relay.reset();
                return false;
            }
            Thread.ofVirtual().name("connection").start(() -> {
                try {
                    relay.run(sockets, leads.get());
                } finally {
                    room.release();
                }
            });
            return true;
        } catch (ClosedChannelException closed) {
            return false;
        } catch (IOException exhausted) {
            LOG.log(System.Logger.Level.WARNING, "a connection is not accepted yet: {0}", exhausted.getMessage());
            Thread.sleep(NO_DESCRIPTOR_MILLIS);
            return false;
        }
    }

    /** Waits until it leads somewhere; empty when it is closed. */
    private synchronized Optional<Target> await() throws InterruptedException {
        while (target().isEmpty() && server.isOpen()) {
            wait();
        }
        return server.isOpen() ? target() : Optional.empty();
    }
}
