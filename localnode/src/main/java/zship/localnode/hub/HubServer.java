package zship.localnode.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import com.sun.net.httpserver.HttpServer;

import zship.flist.store.ChunkStore;

/** A flist hub over HTTP with the API of the public one. */
public final class HubServer implements AutoCloseable {

    /** The user whose flists everybody on this machine uploads. */
    public static final String USER = "local";

    private static final String LONGEST_REQUEST = Long.toString(Duration.ofHours(6).toSeconds());
    private static final String MOST_CONNECTIONS = "1000";

    private final HttpServer server;
    private final ExecutorService threads;
    private final IdleLimit idle;
    private final Served served;

    /** What is served, whatever the address. */
    record Served(Shelf shelf, HubStore store, HubRules rules) {
    }

    private HubServer(HttpServer server, ExecutorService threads, IdleLimit idle, Served served) {
        this.server = server;
        this.threads = threads;
        this.idle = idle;
        this.served = served;
    }

    /**
     * Serves a folder on 127.0.0.1 for one user, {@link #USER}.
     *
     * @param  directory   one folder for each user; created when missing
     * @param  port        port on 127.0.0.1; 0 for any free one
     * @param  store       opens the store that must have the chunks of what is uploaded
     * @throws IOException when the folder cannot be used or the port cannot be had
     */
    public static HubServer start(Path directory, int port, Supplier<ChunkStore> store) throws IOException {
        return start(directory, port, HubStore.of(store));
    }

    /**
     * Serves a folder on 127.0.0.1 for one user, {@link #USER}, and can remove chunks that nothing needs.
     *
     * @param  directory   one folder for each user; created when missing
     * @param  port        port on 127.0.0.1; 0 for any free one
     * @param  store       where the chunks are
     * @throws IOException when the folder cannot be used or the port cannot be had
     */
    public static HubServer start(Path directory, int port, HubStore store) throws IOException {
        return start(directory, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), store,
                HubRules.DEFAULT, HubAccess.local(USER));
    }

    /**
     * Serves a folder.
     *
     * @param  directory   one folder for each user; created when missing
     * @param  address     where to listen; port 0 for any free one
     * @param  store       where the chunks are
     * @param  rules       what it allows
     * @param  access      who may change what
     * @throws IOException when the folder cannot be used or the port cannot be had
     */
    public static HubServer start(Path directory, InetSocketAddress address, HubStore store, HubRules rules,
            HubAccess access) throws IOException {
        Shelf shelf = new Shelf(directory);
        shelf.removeLeftovers();
        Served served = new Served(shelf, store, rules);
        return start(address, served, access,
                Optional.of(new CollectionRequests(new ChunkCollector(shelf, store, Clock.systemUTC()))));
    }

    private static HubServer start(InetSocketAddress address, Served served, HubAccess access,
            Optional<CollectionRequests> collection) throws IOException {
        boundConnections();
        HttpServer server = HttpServer.create(address, 0);
        IdleLimit idle = new IdleLimit(served.rules.limits().idle());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", new HubHandler(served, access, collection, idle));
        server.start();
        return new HubServer(server, threads, idle, served);
    }

    /**
     * The JDK's server waits for the header of a request for ever, and accepts any number of connections, unless it is told
     * otherwise before the first one is made (module jdk.httpserver). The time is for a whole request, also a large one.
     */
    private static void boundConnections() {
        Map.of("sun.net.httpserver.maxReqTime", LONGEST_REQUEST, "jdk.httpserver.maxConnections", MOST_CONNECTIONS)
                .forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    }

    /**
     * Serves the same flists on another address, where nobody can remove chunks.
     *
     * @param  address     where to listen; port 0 for any free one
     * @param  access      who may change what there
     * @throws IOException when the address cannot be had
     */
    public HubServer offer(InetSocketAddress address, HubAccess access) throws IOException {
        return start(address, served, access, Optional.empty());
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops serving; the flists stay. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        idle.close();
    }
}
