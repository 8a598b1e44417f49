package zship.localnode.container;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FlistSourceTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

    @TempDir
    private Path folder;

    private interface Answer {
        void to(OutputStream client) throws IOException;
    }

    /** A server for one request; it answers and then waits for the client to go away. */
    private static ServerSocket server(Answer answer) throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            try (Socket client = server.accept()) {
                answer.to(client.getOutputStream());
                while (client.getInputStream().read() >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException gone) {
                return;
            }
        });
        return server;
    }

    private static String url(ServerSocket server) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/x.flist";
    }

    @Test
    void hubThatStopsInTheMiddleIsGivenUp() throws Exception {
        FlistSource source = new FlistSource(Duration.ofSeconds(1), LONG);
        try (ServerSocket server = server(client -> client.write((HEAD + "12345").getBytes(US_ASCII)))) {
            assertThatThrownBy(() -> source.fetch(url(server), folder.resolve("x"))).isInstanceOf(RootException.class)
                    .hasMessage("failed to download flist: nothing came for 1 s");
        }
    }

    @Test
    void hubThatSendsNowAndThenIsGivenUpToo() throws Exception {
        FlistSource source = new FlistSource(LONG, Duration.ZERO);
        try (ServerSocket server = server(client -> client.write((HEAD + "12345").getBytes(US_ASCII)))) {
            assertThatThrownBy(() -> source.fetch(url(server), folder.resolve("x"))).isInstanceOf(RootException.class)
                    .hasMessage("failed to download flist: it takes longer than 0 s");
        }
    }

    @Test
    void hubThatSendsAllIsHeard() throws Exception {
        try (ServerSocket server = server(client -> client.write((HEAD + "1234567890").getBytes(US_ASCII)))) {
            assertThat(new FlistSource(LONG, LONG).fetch(url(server), folder.resolve("x"))).hasSize(64);
        }
        assertThat(Files.readString(folder.resolve("x"))).isEqualTo("1234567890");
    }
}
