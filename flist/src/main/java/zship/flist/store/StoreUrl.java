package zship.flist.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.flist.Secret;

/**
 * The address of a store.
 *
 * <pre>
 * zdb://[:password@]host:port[/namespace]     a 0-db; the namespace is "default" unless given
 * redis://[:password@]host:port[/number]      a Redis server
 * dir:///path                                 a directory, one file per chunk
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

    /**
     * Parses an address.
     *
     * @throws StoreException of kind USAGE that says what is wrong, without repeating a password
     */
    static StoreUrl of(String text) {
        if (text.startsWith("dir:")) {
            return folder(text.substring("dir:".length()));
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw malformed(text, e.getReason());
        }
        String scheme = uri.getScheme();
        if (!"zdb".equals(scheme) && !"redis".equals(scheme)) {
            throw malformed(text, scheme == null ? "it has no scheme" : "the scheme '" + scheme + "' is unknown");
        }
        return server(text, uri, scheme);
    }

    private static StoreUrl server(String text, URI uri, String scheme) {
        String host = uri.getHost();
        if (host == null || uri.getPort() < 1 || uri.getPort() > 65535) {
            throw malformed(text, "host and port are required");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw malformed(text, "it has a query or a fragment");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        String namespace = path.startsWith("/") ? path.substring(1) : path;
        if (namespace.contains("/") || "redis".equals(scheme) && !namespace.matches("\\d{0,4}")) {
            throw malformed(text, "'" + namespace + "' is not a " + ("redis".equals(scheme) ? "number" : "namespace"));
        }
        String bareHost = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Server(scheme, bareHost, uri.getPort(),
                namespace.isEmpty() ? Optional.empty() : Optional.of(namespace),
                password(uri.getRawUserInfo()));
    }

    private static Optional<Secret> password(@Nullable String userInfo) {
        if (userInfo == null) {
            return Optional.empty();
        }
        String encoded = userInfo.substring(userInfo.indexOf(':') + 1);
        String plusSafe = encoded.replace("+", "%2B");
        return Optional.of(Secret.of(URLDecoder.decode(plusSafe, StandardCharsets.UTF_8)));
    }

    private static StoreUrl folder(String rest) {
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        try {
            if (!path.startsWith("/")) {
                throw malformed("dir:" + rest, "the path must be absolute");
            }
            return new Folder(Path.of(path));
        } catch (InvalidPathException e) {
            throw malformed("dir:" + rest, "the path is not valid: " + e.getReason());
        }
    }

    private static StoreException malformed(String text, String why) {
        String shown = text.replaceFirst("(?<=//)[^/]*@", "***@");
        return new StoreException(StoreException.Kind.USAGE, "understand the store address '" + shown + "'", why,
                "write zdb://[:password@]host:port[/namespace], redis://host:port or dir:///path");
    }
}
