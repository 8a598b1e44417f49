package zship.localnode.forward;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * One forwarded connection. An end of one side is passed on as an end, a reset as a reset, and no more is read from one side than
 * the other takes.
 */
final class Relay {

    private static final System.Logger LOG = System.getLogger("zship.localnode.forward");
    /** What an idle connection keeps, in each direction; a busy one gets {@link #BUSY_BYTES}. */
    private static final int IDLE_BYTES = 512;
    private static final int BUSY_BYTES = 16 * 1024;

    private final List<SocketChannel> ends = new ArrayList<>();

    Relay(SocketChannel client) {
        ends.add(client);
    }

    /** Connects to the container and passes on until both sides have ended. */
    void run(SocketSource sockets, Target target) {
        try {
            SocketChannel client = ends.getFirst();
            SocketChannel inside = open(sockets, target);
            ends.add(inside);
            inside.connect(target.address());
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            inside.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Thread answers = Thread.ofVirtual().name("answers").start(() -> pass(inside, client));
            pass(client, inside);
            answers.join();
        } catch (IOException unreachable) {
            LOG.log(System.Logger.Level.DEBUG, "container {0}: {1}", Integer.toString(target.container()),
                    unreachable.getMessage());
            reset();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            reset();
        } finally {
            ends.forEach(Relay::close);
        }
    }

    private static SocketChannel open(SocketSource sockets, Target target) throws IOException {
        try {
            return sockets.open(target.init());
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.WARNING, "container {0} cannot be reached: {1}",
                    Integer.toString(target.container()), gone.getMessage());
            throw gone;
        }
    }

    private void pass(SocketChannel from, SocketChannel to) {
        ByteBuffer idle = ByteBuffer.allocate(IDLE_BYTES);
        ByteBuffer buffer = idle;
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                boolean full = !buffer.hasRemaining();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
                if (count < IDLE_BYTES) {
                    buffer = idle;
                } else if (full && buffer == idle) {
                    buffer = ByteBuffer.allocate(BUSY_BYTES);
                }
            }
            to.shutdownOutput();
        } catch (IOException broken) {
            reset();
        }
    }

    /** Ends both sides at once; what they have not yet received is lost, and they are told so. */
    void reset() {
        for (SocketChannel end : ends) {
            try {
                end.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException closed) {
                LOG.log(System.Logger.Level.DEBUG, "a connection has ended already: {0}", closed.getMessage());
            }
            close(end);
        }
    }

    private static void close(SocketChannel end) {
        try {
            end.close();
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "a connection is not closed: {0}", stuck.getMessage());
        }
    }
}
