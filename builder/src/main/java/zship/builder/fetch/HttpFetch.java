package zship.builder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Fetches a file over HTTP, through the proxy of the caller's environment when it names one. */
public final class HttpFetch implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 1L << 30;
    private static final int OK = 200;

    private final HttpClient client;

    /** Creates a client; {@code environment} may hold {@code https_proxy}. */
    public HttpFetch(Map<String, String> environment) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL);
        proxy(environment).ifPresent(address -> builder.proxy(ProxySelector.of(address)));
        this.client = builder.build();
    }

    /**
     * Writes what {@code url} answers to {@code file}.
     *
     * @throws IOException with the reason when there is no answer, another status than 200, or more than 1 GiB
     */
    public void fetch(URI url, Path file) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER_TIMEOUT).build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != OK) {
                    throw new IOException("it answers with status " + response.statusCode());
                }
                copy(body, file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        }
    }

    private static void copy(InputStream body, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                total += read;
                if (total > MAX_BYTES) {
                    throw new IOException("it sends more than %d bytes".formatted(MAX_BYTES));
                }
                out.write(buffer, 0, read);
            }
        }
    }

    /** Returns the proxy for https, if the environment names one that can be understood. */
    static Optional<InetSocketAddress> proxy(Map<String, String> environment) {
        String value = environment.getOrDefault("https_proxy", environment.getOrDefault("HTTPS_PROXY", ""));
        try {
            URI uri = URI.create(value.contains("://") || value.isEmpty() ? value : "http://" + value);
            return uri.getHost() == null
                    ? Optional.empty()
                    : Optional.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort() < 0
                            ? 80
                            : uri.getPort()));
        } catch (IllegalArgumentException e) {
            // A proxy setting that is no address cannot help; without it the request says why it fails.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
