package zship.localnode.store;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

import zship.flist.Secret;
import zship.localnode.resp.RespLimits;
import zship.localnode.resp.RespServer;

/** A 0-db for chunks. */
public final class StoreServer implements AutoCloseable {

    private final RespServer server;
    private final Namespaces namespaces;
    private final String version;
    private final StoredChunks chunks;

    private StoreServer(RespServer server, Namespaces namespaces, String version) {
        this.server = server;
        this.namespaces = namespaces;
        this.version = version;
        this.chunks = namespaces.find(Namespaces.DEFAULT).orElseThrow().chunks();
    }

    /**
     * Serves a folder to everybody.
     *
     * @see #start(Path, int, String, StoreAccess)
     */
    public static StoreServer start(Path directory, int port, String version) throws IOException {
        return start(directory, port, version, StoreAccess.OPEN);
    }

    /**
     * Serves a folder.
     *
     * @param  directory   one folder for each namespace; created when missing
     * @param  port        port on 127.0.0.1; 0 for any free one
     * @param  version     shown by INFO
     * @param  access      who may do what
     * @throws IOException when the folder cannot be used or the port cannot be had
     */
    public static StoreServer start(Path directory, int port, String version, StoreAccess access) throws IOException {
        Namespaces namespaces = Namespaces.open(directory);
        if (access.protect()) {
            namespaces.find(Namespaces.DEFAULT)
                    .ifPresent(it -> it.override(it.settings().withPassword(access.admin())));
        }
        return new StoreServer(
                RespServer.start(port, RespLimits.CHUNKS,
                        () -> new StoreSession(namespaces, access, Optional.empty(), version)),
                namespaces, version);
    }

    /**
     * Serves the same chunks on another address: everybody may read, and whoever gives a password may write, by selecting
     * a namespace with it.
     *
     * @param  address     where to listen; port 0 for any free one
     * @param  password    for changes; also the administrator's there
     * @throws IOException when the address cannot be had
     */
    public StoreServer offer(InetSocketAddress address, Secret password) throws IOException {
        StoreAccess access = new StoreAccess(Optional.of(password), false);
        return new StoreServer(RespServer.start(address, RespLimits.CHUNKS, Optional.empty(),
                () -> new StoreSession(namespaces, access, Optional.of(password), version)), namespaces, version);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** The chunks of the namespace that is there from the start. */
    public StoredChunks chunks() {
        return chunks;
    }

    /** Stops serving; the chunks stay. */
    @Override
    public void close() {
        server.close();
    }
}
