package zship.flist.store;

import java.nio.file.Path;
import java.util.Optional;

import zship.flist.Secret;

/**
 * The address of a store.
 *
 * <pre>
 * zdb://[:password@]host:port[/namespace]     a 0-db; the namespace is "default" unless given
 * redis://[:password@]host:port[/number]      a Redis server
 * dir:///path                                 a directory, one file per chunk
 * router:///path/router.yaml                  shards and replicas, as nodes divide them; a path that ends in .yaml will do
 * </pre>
 *
 * <p>A password with reserved characters is percent-encoded. {@code toString} never shows it.
 */
public sealed interface StoreUrl {
    /** A 0-db or Redis server.
     *
     * @param scheme {@code zdb} or {@code redis}
     * @param host name or address
     * @param port 1 to 65535
     * @param namespace 0-db namespace or Redis database number, if given
     * @param password if one was given
     */
    record Server(String scheme, String host, int port, Optional<String> namespace, Optional<Secret> password)
            implements
                StoreUrl {
        /** The address with the password as {@code ***}. */
        @Override
        public String toString() {
            return scheme + "://" + (password.isPresent() ? ":***@" : "") + hostPort()
                    + namespace.map(name -> "/" + name).orElse("");
        }

        /** {@code host:port}, for messages. */
        public String hostPort() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A directory with one file per chunk.
     *
     * @param path where
     */
    record Folder(Path path) implements StoreUrl {
        @Override
        public String toString() {
            return "dir://" + path;
        }
    }

    /** Shards and replicas.
     *
     * @param file the routing table, in the form of a node's {@code router.yaml}
     */
    record Table(Path file) implements StoreUrl {
        @Override
        public String toString() {
            return "router://" + file;
        }
    }

    /**
     * Parses an address.
     *
     * @throws StoreException of kind USAGE that says what is wrong, without repeating a password
     */
    static StoreUrl of(String text) {
        return StoreUrlReader.read(text);
    }
}
