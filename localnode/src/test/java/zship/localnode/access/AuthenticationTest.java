package zship.localnode.access;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.localnode.RawClient;
import zship.localnode.resp.Keyspace;
import zship.localnode.resp.QueueSession;
import zship.localnode.resp.RespLimits;
import zship.localnode.resp.RespServer;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers to AUTH were recorded from the proxy of 0-core. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AuthenticationTest {
    private static final String DENIED = "-permission denied, please call AUTH first with a valid JWT";

    @TempDir
    private Path directory;

    @Test
    void nothingButAuthIsAnsweredBeforeAValidToken() throws Exception {
        Tokens provider = new Tokens("secp384r1");
        TokenCheck check = new TokenCheck(provider.key(), List.of("radio"), Clock.systemUTC());
        Keyspace keyspace = new Keyspace(Clock.systemUTC(), 1 << 20);
        try (RespServer server = RespServer.start(0, RespLimits.COMMANDS,
                () -> new QueueSession(keyspace, Optional.of(check)));
                RawClient client = new RawClient(server.port())) {
            for (String command : List.of("PING", "HELLO", "QUIT", "CLIENT", "NOSUCH")) {
                assertThat(client.ask(command)).isEqualTo(DENIED);
            }
            assertThat(client.send("PING\r\n").reply()).isEqualTo(DENIED);
            assertThat(client.ask("RPUSH", "core:default", "{}")).isEqualTo(DENIED);
            assertThat(client.ask("AUTH")).isEqualTo("-invalid number of arguments");
            assertThat(client.ask("AUTH", "user", "pass")).isEqualTo("-invalid number of arguments");
            assertThat(client.ask("AUTH", "x.y.z")).isEqualTo("-invalid jwt");
            assertThat(client.ask("PING")).isEqualTo(DENIED);
            assertThat(client.ask("AUTH", provider.token("ES384", "{\"azp\":\"radio\"}"))).isEqualTo("+OK");
            assertThat(client.ask("PING")).isEqualTo("+PONG");
            assertThat(keyspace.length("core:default")).isZero();
            try (RawClient another = new RawClient(server.port())) {
                assertThat(another.ask("PING")).isEqualTo(DENIED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void commandsTravelOverTlsWithTheKeptCertificate(String version) throws Exception {
        Keyspace keyspace = new Keyspace(Clock.systemUTC(), 1 << 20);
        SslContext tls = Certificate.obtain(directory, System.getenv());
        byte[] kept = Files.readAllBytes(directory.resolve("tls.p12"));
        Certificate.obtain(directory, System.getenv());
        assertThat(directory.resolve("tls.p12")).hasBinaryContent(kept);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("tls.p12"))))
                .isEqualTo("rw-------");
        try (RespServer server = RespServer.start(0, RespLimits.COMMANDS, Optional.of(tls),
                () -> new QueueSession(keyspace, Optional.empty()))) {
            assertThat(overTls(server.port(), version, "PING\r\n")).isEqualTo("+PONG\r\n");
            assertThat(overTls(server.port(), version, "*3\r\n$5\r\nBLPOP\r\n$1\r\nk\r\n$4\r\n0.05\r\n"))
                    .isEqualTo("$-1\r\n");
            try (RawClient plain = new RawClient(server.port())) {
                assertThat(plain.ask("PING")).doesNotContain("PONG");
            }
            assertThat(overTls(server.port(), version, "PING\r\n")).isEqualTo("+PONG\r\n");
        }
    }

    private static String overTls(int port, String version, String request) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] trust = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
        context.init(null, trust, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[]{version});
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return line(socket);
        }
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }
}
