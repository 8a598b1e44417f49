package zship.localnode.store;

import java.io.IOException;
import java.nio.file.Path;

import zship.localnode.resp.RespLimits;
import zship.localnode.resp.RespServer;

/** A 0-db for chunks, on 127.0.0.1. */
public final class StoreServer implements AutoCloseable {

    private final RespServer server;

    private StoreServer(RespServer server) {
        this.server = server;
    }

    /**
     * Serves a folder.
     *
     * @param  directory   one folder for each namespace; created when missing
     * @param  port        port on 127.0.0.1; 0 for any free one
     * @param  version     shown by INFO
     * @throws IOException when the folder cannot be used or the port cannot be had
     */
    public static StoreServer start(Path directory, int port, String version) throws IOException {
        Namespaces namespaces = Namespaces.open(directory);
        return new StoreServer(
                RespServer.start(port, RespLimits.CHUNKS, () -> new StoreSession(namespaces, version)));
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Stops serving; the chunks stay. */
    @Override
    public void close() {
        server.close();
    }
}
