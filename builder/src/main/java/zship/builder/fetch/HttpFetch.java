package zship.builder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches a file over HTTP, through the proxy of the caller's environment when it names one. */
public final class HttpFetch implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 1L << 30;
    private static final int OK = 200;

    private final HttpClient client;
    private final Duration patience;

    /** Creates a client; {@code environment} may hold the usual settings of a proxy. */
    public HttpFetch(Map<String, String> environment) {
        this(environment, STALL_TIMEOUT);
    }

    /** Creates a client that gives up a server which sends nothing for {@code patience} in the middle of a file. */
    HttpFetch(Map<String, String> environment, Duration patience) {
        this.client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL).proxy(ProxySettings.of(environment)).build();
        this.patience = patience;
    }

    /**
     * Writes what {@code url} answers to {@code file}.
     *
     * @throws IOException with the reason when there is no answer, another status than 200, or more than 1 GiB,
     *         and when nothing arrives for 30 seconds
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

    private void copy(InputStream body, Path file) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
                total += read;
                if (total > MAX_BYTES) {
                    throw new IOException("it sends more than %d bytes".formatted(MAX_BYTES));
                }
                out.write(buffer, 0, read);
            }
        }
    }

    /** Reads like the stream itself, whose reads have no end when the server stays silent. */
    private int read(InputStream body, byte[] buffer) throws IOException, InterruptedException {
        FutureTask<Integer> read = new FutureTask<>(() -> body.read(buffer));
        Thread reader = Thread.ofVirtual().start(read);
        try {
            return read.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("nothing arrived for %d seconds".formatted(patience.toSeconds()), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            reader.interrupt();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
