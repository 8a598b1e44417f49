package zship.localnode.mount;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.mount.ChunkCache;
import zship.flist.mount.FlistMount;
import zship.flist.mount.MountStatus;
import zship.flist.store.DeferredStore;
import zship.flist.store.StoreUrl;
import zship.localnode.process.ProcessMark;

/**
 * The program that serves the mounted roots of one node. It goes on when the node's process dies, as the containers do, and does
 * what the next one asks. It ends when it is told to, or when neither a node nor a container is left.
 *
 * <p>It works in the node's folder, takes questions on a socket there, and writes its log to the standard error output.
 */
public final class MountProcess {
    private static final System.Logger LOG = System.getLogger("zship.localnode.mount");
    private static final long WATCH_MILLIS = 5000;

    private final Map<String, Served> mounts = new ConcurrentHashMap<>();
    private final ChunkCache cache;
    private final AtomicReference<@Nullable ProcessMark> node = new AtomicReference<>();

    /** A mounted flist and the store that its chunks come from. */
    private record Served(FlistMount mount, DeferredStore store) {
        /** Unmounts; the store is closed when nobody reads from the mount any more, which may be later. */
        void end() {
            mount.close();
            Thread.ofVirtual().name("end of a store").start(() -> {
                try {
                    mount.awaitEnd();
                    store.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private MountProcess(ChunkCache cache) {
        this.cache = cache;
    }

    /**
     * Runs until told to end.
     *
     * @param arguments the folder for chunks, the bytes that it may hold
     * @throws IOException when the socket cannot be made
     */
    public static void main(String[] arguments) throws IOException {
        Path socket = Path.of(Wire.SOCKET);
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            MountProcess process = new MountProcess(
                    ChunkCache.open(Path.of(arguments[0]), Long.parseLong(arguments[1])));
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
        String name = question.path("name").asString("");
        try {
            switch (question.path("what").asString("")) {
                case "mount" -> mount(name, question);
                case "status" -> {
                    return status(name);
                }
                case "unmount" -> unmount(name);
                case "stop" -> mounts.keySet().forEach(this::unmount);
                default -> LOG.log(System.Logger.Level.DEBUG, "a node is there");
            }
            return ok();
        } catch (FlistException e) {
            boolean damaged = e.kind() == FlistException.Kind.DAMAGED || e.kind() == FlistException.Kind.NOT_FOUND;
            return ok().put("refused", e.what() + ": " + e.why()).put("damaged", damaged);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a question could not be answered", e);
            return ok().put("refused", String.valueOf(e.getMessage())).put("damaged", false);
        }
    }

    private synchronized void mount(String name, JsonNode question) {
        if (mounts.containsKey(name)) {
            return;
        }
        Flist flist = Flist.open(Path.of(question.path("flist").asString()));
        DeferredStore store = DeferredStore.of(StoreUrl.of(question.path("store").asString()));
        FlistMount mount = FlistMount.open(flist, "zship", Path.of(question.path("target").asString()), store, cache);
        mounts.put(name, new Served(mount, store));
        if (question.path("prefetch").asBoolean(false)) {
            mount.prefetch();
        }
        LOG.log(System.Logger.Level.INFO, "{0} is mounted", mount.target());
    }

    private JsonNode status(String name) {
        Served served = mounts.get(name);
        if (served == null) {
            return ok();
        }
        MountStatus status = served.mount().status();
        return ok().put("chunks", status.chunks()).put("present", status.present()).put("bytes", status.bytes())
                .put("presentBytes", status.presentBytes()).put("fetched", status.fetched())
                .put("fetchedBytes", status.fetchedBytes());
    }

    private synchronized void unmount(String name) {
        Served served = mounts.remove(name);
        if (served != null) {
            served.end();
        }
    }

    /** Nobody is left when the node is gone and no overlay lies over a mount of this process. */
    private void watch() {
        try {
            do {
                Thread.sleep(WATCH_MILLIS);
            } while (Optional.ofNullable(node.get()).filter(mark -> !mark.isAlive()).isEmpty() || isUsed());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.log(System.Logger.Level.INFO, "neither node nor containers are left");
        mounts.keySet().forEach(this::unmount);
        System.exit(0);
    }

    private boolean isUsed() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .filter(line -> line.startsWith("overlay "))
                    .anyMatch(line -> mounts.keySet().stream().anyMatch(line::contains));
        } catch (IOException e) {
            return true;
        }
    }

    private static ObjectNode ok() {
        return JsonNodeFactory.instance.objectNode();
    }
}
