package zship.builder.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link HttpFetch} with a server that can stop in the middle of a file. */
class HttpFetchTest {

    @TempDir
    private Path folder;

    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/stalled", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("whole".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    @Test
    @Timeout(60)
    void fetchWhenTheServerStopsInTheMiddleSaysSo() throws IOException {
        try (HttpFetch http = new HttpFetch(Map.of(), Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> http.fetch(url("/stalled"), folder.resolve("file")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("nothing arrived for 1 seconds");
        }
    }

    @Test
    void fetchWhenTheServerAnswersWritesTheFile() throws IOException {
        try (HttpFetch http = new HttpFetch(Map.of())) {
            http.fetch(url("/whole"), folder.resolve("file"));
        }
        assertThat(folder.resolve("file")).hasContent("whole");
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path));
    }
}
