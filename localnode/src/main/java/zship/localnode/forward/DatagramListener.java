package zship.localnode.forward;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Listens on one UDP port of 127.0.0.1. Whoever sends there gets a socket in the container's network, and what comes back on
 * that socket is sent to him. It is closed when he and the container have been silent for a while, or when too many others have
 * sent since. As everywhere with UDP, what cannot be passed on at once is dropped.
 */
final class DatagramListener extends OpenPort {

    private static final System.Logger LOG = System.getLogger("zship.localnode.forward");
    private static final int LARGEST = 65_535;
    private static final int MOST_SENDERS = 1024;
    /** How many are read from one socket before the others have their turn. */
    private static final int MOST_AT_ONCE = 64;
    /** As long as netfilter remembers a stream of datagrams ({@code nf_conntrack_udp_timeout_stream}). */
    private static final Duration IDLE = Duration.ofSeconds(120);
    private static final long LOOK_MILLIS = 10_000;

    private final DatagramChannel server;
    private final Selector selector;
    private final SocketSource sockets;
    /** The one that was silent for longest is the first. Only the thread uses them, and the buffer. */
    private final SequencedMap<SocketAddress, Conversation> conversations = new LinkedHashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread thread;

    /** A sender, where what he sends goes, and the time of the system's clock at which something was last passed on. */
    private record Conversation(SocketAddress sender, Target target, DatagramChannel inside, AtomicLong used) {
    }

    private DatagramListener(DatagramChannel server, Selector selector, SocketSource sockets, Target target) {
        super(target);
        this.server = server;
        this.selector = selector;
        this.sockets = sockets;
        this.thread = Thread.ofPlatform().daemon().name("datagrams").unstarted(this::run);
    }

    /**
     * Starts to listen.
     *
     * @throws BindException when the port is taken
     * @throws IOException   when it is one of those that the system keeps for root
     */
    static DatagramListener open(int port, SocketSource sockets, Target target) throws IOException {
        DatagramChannel server = DatagramChannel.open(StandardProtocolFamily.INET);
        boolean bound = false;
        try {
            server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            server.configureBlocking(false);
            DatagramListener listener = new DatagramListener(server, Selector.open(), sockets, target);
            server.register(listener.selector, SelectionKey.OP_READ);
            listener.thread.start();
            bound = true;
            return listener;
        } catch (BindException failed) {
            throw reason(failed, port);
        } finally {
            if (!bound) {
                server.close();
            }
        }
    }

    @Override
    void close() {
        closing.set(true);
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (server; selector) {
            while (!closing.get()) {
                selector.select(this::serve, conversations.isEmpty() ? 0 : LOOK_MILLIS);
                forget();
            }
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.ERROR, "a port for datagrams is not served any more: {0}",
                    broken.getMessage());
        } finally {
            conversations.values().forEach(DatagramListener::end);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.attachment() instanceof Conversation conversation) {
                answer(conversation);
            } else {
                receive();
            }
        } catch (IOException lost) {
            LOG.log(System.Logger.Level.DEBUG, "a datagram is lost: {0}", lost.getMessage());
        }
    }

    private void receive() throws IOException {
        for (int count = 0; count < MOST_AT_ONCE; count++) {
            buffer.clear();
            SocketAddress sender = server.receive(buffer);
            if (sender == null) {
                return;
            }
            buffer.flip();
            Optional<Target> leads = target();
            if (leads.isPresent()) {
                pass(conversation(sender, leads.get()));
            }
        }
    }

    private Conversation conversation(SocketAddress sender, Target target) throws IOException {
        Conversation known = conversations.get(sender);
        if (known != null && known.target().equals(target)) {
            return known;
        }
        DatagramChannel inside = sockets.openForDatagrams(target.init());
        Conversation begun = new Conversation(sender, target, inside, new AtomicLong());
        boolean done = false;
        try {
            inside.configureBlocking(false);
            inside.register(selector, SelectionKey.OP_READ, begun);
            done = true;
        } finally {
            if (!done) {
                inside.close();
            }
        }
        if (known != null) {
            end(known);
        }
        return begun;
    }

    /** The socket is not connected: Java sends no empty datagram on one that is. */
    private void pass(Conversation conversation) throws IOException {
        touch(conversation);
        conversation.inside().send(buffer, conversation.target().address());
    }

    private void touch(Conversation conversation) {
        conversation.used().set(System.nanoTime());
        conversations.putLast(conversation.sender(), conversation);
    }

    private void answer(Conversation conversation) throws IOException {
        for (int count = 0; count < MOST_AT_ONCE; count++) {
            buffer.clear();
            SocketAddress from = conversation.inside().receive(buffer);
            if (from == null) {
                return;
            }
            if (from.equals(conversation.target().address())) {
                buffer.flip();
                touch(conversation);
                server.send(buffer, conversation.sender());
            }
        }
    }

    private void forget() {
        long now = System.nanoTime();
        Iterator<Conversation> eldest = conversations.values().iterator();
        while (eldest.hasNext()) {
            Conversation conversation = eldest.next();
            if (conversations.size() <= MOST_SENDERS && now - conversation.used().get() < IDLE.toNanos()) {
                return;
            }
            eldest.remove();
            end(conversation);
        }
    }

    private static void end(Conversation conversation) {
        try {
            conversation.inside().close();
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "a socket is not closed: {0}", stuck.getMessage());
        }
    }
}
