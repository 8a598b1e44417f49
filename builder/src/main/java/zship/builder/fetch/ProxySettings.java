package zship.builder.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxy that an environment names, as curl(1) reads it: {@code https_proxy} and {@code http_proxy} by the scheme of the
 * address, and {@code no_proxy}, hosts that are asked directly: names, which stand for all names that end with them, or
 * {@code *}. For http, {@code https_proxy} is used when that is all there is.
 */
final class ProxySettings extends ProxySelector {

    private static final int DEFAULT_PORT = 80;

    private final Optional<InetSocketAddress> http;
    private final Optional<InetSocketAddress> https;
    private final List<String> direct;

    private ProxySettings(Optional<InetSocketAddress> http, Optional<InetSocketAddress> https, List<String> direct) {
        this.http = http;
        this.https = https;
        this.direct = direct;
    }

    /** Reads the settings; capital letters mean the same, except in {@code HTTP_PROXY}, which a request can set in CGI. */
    static ProxySettings of(Map<String, String> environment) {
        Optional<InetSocketAddress> https = address(either(environment, "https_proxy"));
        Optional<InetSocketAddress> http = address(environment.getOrDefault("http_proxy", ""));
        List<String> direct = Stream.of(either(environment, "no_proxy").split("[,\\s]+"))
                .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                .filter(host -> !host.isEmpty()).toList();
        return new ProxySettings(http.or(() -> https), https, direct);
    }

    private static String either(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), ""));
    }

    private static Optional<InetSocketAddress> address(String value) {
        try {
            URI uri = URI.create(value.contains("://") || value.isEmpty() ? value : "http://" + value);
            return uri.getHost() == null
                    ? Optional.empty()
                    : Optional.of(InetSocketAddress.createUnresolved(uri.getHost(),
                            uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()));
        } catch (IllegalArgumentException e) {
            // A proxy setting that is no address cannot help; without it the request says why it fails.
            return Optional.empty();
        }
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<InetSocketAddress> proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        return List.of(proxy.isEmpty() || isDirect(uri)
                ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, proxy.get()));
    }

    private boolean isDirect(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return direct.stream().anyMatch(it -> it.equals("*") || host.equals(it) || host.endsWith("." + it)
                || it.equals(host + ":" + uri.getPort()));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress proxy, IOException failure) {
        // The request fails with the same reason.
    }
}
