package zship.flist.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import zship.flist.AddressMask;
import zship.flist.Secret;

/** Reads the text of an address; see {@link StoreUrl}. */
final class StoreUrlReader {
    /** Names of hosts may hold underscores, as those of containers often do, although no web address does. */
    private static final Pattern AUTHORITY = Pattern
            .compile("(?:(?<user>[^@]*)@)?(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(?<port>[0-9]{1,5})");

    private StoreUrlReader() {
    }

    static StoreUrl read(String text) {
        if (text.startsWith("dir:")) {
            return new StoreUrl.Folder(path("dir:", text));
        }
        if (text.startsWith("router:")) {
            return new StoreUrl.Table(path("router:", text));
        }
        if (text.matches("[^:]+\\.ya?ml")) {
            return new StoreUrl.Table(Path.of(text).toAbsolutePath());
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw malformed(text, e.getReason());
        }
        String scheme = uri.getScheme();
        if (!"zdb".equals(scheme) && !"redis".equals(scheme)) {
            if (text.contains("@") && !text.contains("://")) {
                throw malformed(text, "it has no scheme");
            }
            throw malformed(text, scheme == null ? "it has no scheme" : "the scheme '" + scheme + "' is unknown");
        }
        return server(text, uri, scheme);
    }

    private static StoreUrl server(String text, URI uri, String scheme) {
        Matcher authority = AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
        if (!authority.matches()) {
            throw malformed(text, "host and port are required");
        }
        // Otherwise what stands in front of a slash in a password is taken for host and port, and the rest is shown.
        if (text.substring(text.indexOf(uri.getRawAuthority()) + uri.getRawAuthority().length()).contains("@")) {
            throw malformed(text,
                    "an @ stands behind host and port; in a password, write / as %2F, ? as %3F and # as %23");
        }
        int port = Integer.parseInt(authority.group("port"));
        if (port < 1 || port > 65535) {
            throw malformed(text, "the port " + port + " is not within 1 to 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw malformed(text, "it has a query or a fragment");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        String namespace = path.startsWith("/") ? path.substring(1) : path;
        if (namespace.contains("/") || "redis".equals(scheme) && !namespace.matches("\\d{0,4}")) {
            throw malformed(text, "'" + namespace + "' is not a " + ("redis".equals(scheme) ? "number" : "namespace"));
        }
        String host = authority.group("host");
        String bareHost = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new StoreUrl.Server(scheme, bareHost, port,
                namespace.isEmpty() ? Optional.empty() : Optional.of(namespace),
                password(authority.group("user")));
    }

    private static Optional<Secret> password(@Nullable String userInfo) {
        if (userInfo == null) {
            return Optional.empty();
        }
        String encoded = userInfo.substring(userInfo.indexOf(':') + 1);
        String plusSafe = encoded.replace("+", "%2B");
        return Optional.of(Secret.of(URLDecoder.decode(plusSafe, StandardCharsets.UTF_8)));
    }

    private static Path path(String scheme, String text) {
        String rest = text.substring(scheme.length());
        String path = rest.startsWith("//") ? rest.substring(2) : rest;
        try {
            if (!path.startsWith("/")) {
                throw malformed(text, "the path must be absolute");
            }
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw malformed(text, "the path is not valid: " + e.getReason());
        }
    }

    private static StoreException malformed(String text, String why) {
        return new StoreException(StoreException.Kind.USAGE,
                "understand the store address '" + AddressMask.address(text) + "'", why,
                "write zdb://[:password@]host:port[/namespace], redis://host:port, dir:///path or router:///path");
    }
}
