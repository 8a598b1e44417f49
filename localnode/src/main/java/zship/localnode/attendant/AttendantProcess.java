package zship.localnode.attendant;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import zship.flist.mount.ChunkCache;
import zship.localnode.forward.ForwardedPorts;
import zship.localnode.forward.NamespaceSockets;
import zship.localnode.mount.MountedRoots;
import zship.localnode.process.ProcessMark;

/**
 * The program that serves the mounted roots and the forwarded ports of one node. It goes on when the node's process dies, as the
 * containers do, and does what the next one asks. It ends when it is told to, or when neither a node nor a container is left.
 *
 * <p>It works in the node's folder, takes questions on a socket there, and writes its log to the standard error output.
 */
public final class AttendantProcess {
    private static final System.Logger LOG = System.getLogger("zship.localnode.attendant");
    private static final long WATCH_MILLIS = 5000;
    /** Its name among processes, at most 15 bytes: whoever finds a port taken is told this instead of {@code java}. */
    private static final String NAME = "zship-attendant";

    private final MountedRoots roots;
    private final ForwardedPorts ports = new ForwardedPorts(new NamespaceSockets());
    /** Whom it works for: the node that asked last, at first the one that started it. */
    private final AtomicReference<ProcessMark> node;

    private AttendantProcess(MountedRoots roots, ProcessMark node) {
        this.roots = roots;
        this.node = new AtomicReference<>(node);
    }

    /**
     * Runs until told to end.
     *
     * @param arguments the folder for chunks, the bytes that it may hold, process id and start of the node's process
     * @throws IOException when the socket cannot be made
     */
    public static void main(String[] arguments) throws IOException {
        ProcessMark node = new ProcessMark(Long.parseLong(arguments[2]), arguments[3]);
        if (!node.isAlive()) {
            // Killed before it wrote down whom it had started: the next node knows nothing of this process.
            return;
        }
        Files.writeString(Path.of("/proc/self/comm"), NAME);
        Path socket = Path.of(Wire.SOCKET);
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            AttendantProcess process = new AttendantProcess(new MountedRoots(
                    ChunkCache.open(Path.of(arguments[0]), Long.parseLong(arguments[1]))), node);
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().name("watch").start(process::watch);
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("question").start(() -> process.serve(client));
            }
        }
    }

    private void serve(SocketChannel client) {
        boolean end = false;
        try (client) {
            JsonNode question = Wire.read(client);
            ProcessMark asking = new ProcessMark(question.path("pid").asLong(0), question.path("start").asString(""));
            node.set(asking);
            end = question.path("what").asString("").equals("stop");
            Wire.write(client, answer(question));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "a question was not answered: {0}", e.getMessage());
        }
        if (end) {
            System.exit(0);
        }
    }

    private JsonNode answer(JsonNode question) {
        try {
            return switch (question.path("what").asString("")) {
                case "mount" -> roots.mount(question);
                case "status" -> roots.status(question);
                case "unmount" -> roots.unmount(question);
                case "forward" -> ports.forward(question);
                case "release" -> ports.release(question);
                case "close" -> ports.close(question);
                case "keep" -> ports.keep(question);
                case "stop" -> {
                    roots.unmountAll();
                    yield JsonNodeFactory.instance.objectNode();
                }
                default -> JsonNodeFactory.instance.objectNode();
            };
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a question could not be answered", e);
            return JsonNodeFactory.instance.objectNode().put("refused", String.valueOf(e.getMessage()));
        }
    }

    /** Nobody is left when the node is gone, no overlay lies over a mount, and no port leads into a container that lives. */
    private void watch() {
        try {
            do {
                Thread.sleep(WATCH_MILLIS);
            } while (Optional.ofNullable(node.get()).filter(ProcessMark::isAlive).isPresent() || roots.areUsed()
                    || ports.areUsed());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.log(System.Logger.Level.INFO, "neither node nor containers are left");
        roots.unmountAll();
        System.exit(0);
    }
}
