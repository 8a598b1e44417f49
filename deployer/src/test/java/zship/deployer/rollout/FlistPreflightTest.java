package zship.deployer.rollout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import zship.deployer.DeployException;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.node.NodeAddress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlistPreflightTest {

    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};

    private final FlistPreflight preflight = new FlistPreflight(NodeAddress.of("127.0.0.1:16379"));
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer hub;
    private int status = 200;
    private byte[] body = GZIP;

    @BeforeEach
    void start() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", exchange -> {
            requests.incrementAndGet();
            if (status == 503) {
                exchange.getResponseHeaders().set("Retry-After", "0");
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        hub.start();
    }

    @AfterEach
    void stop() {
        hub.stop(0);
    }

    @Test
    void flistThatAnswersWithItsDigestPasses() {
        assertThat(preflight.check(app(AppDigest.sha256(GZIP)))).containsExactly("flist " + url());
    }

    @Test
    void missingFlistIsNamedWithTheStatus() {
        status = 404;
        assertThatThrownBy(() -> preflight.check(app(""))).isInstanceOfSatisfying(RolloutException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeployException.Kind.UNREACHABLE);
            assertThat(e.what()).contains(url());
            assertThat(e.why()).isEqualTo("the server answers 404");
        });
    }

    @Test
    void busyHubIsAskedOnceAlsoWhenItWantsToBeAskedAgain() {
        status = 503;
        assertThatThrownBy(() -> preflight.check(app(""))).isInstanceOfSatisfying(RolloutException.class,
                e -> assertThat(e.why()).isEqualTo("the server answers 503"));
        assertThat(requests).hasValue(1);
    }

    @Test
    void pageThatIsNoFlistIsRefused() {
        body = "<html>".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> preflight.check(app(""))).hasMessageContaining("it is not gzip");
    }

    @Test
    void emptyAnswerIsRefused() {
        body = new byte[0];
        assertThatThrownBy(() -> preflight.check(app(""))).hasMessageContaining("it is not gzip");
    }

    @Test
    void otherContentThanExpectedIsRefusedWithBothDigests() {
        assertThatThrownBy(() -> preflight.check(app("ab".repeat(32)))).isInstanceOf(RolloutException.class)
                .hasMessageContaining(AppDigest.sha256(GZIP)).hasMessageContaining("expected " + "ab".repeat(32));
    }

    @Test
    void hubThatIsDownIsUnreachable() {
        String url = url();
        hub.stop(0);
        assertThatThrownBy(() -> preflight.check(app("", url))).isInstanceOfSatisfying(RolloutException.class,
                e -> assertThat(e.kind()).isEqualTo(DeployException.Kind.UNREACHABLE));
    }

    @Test
    void addressOfThisMachineIsRefusedForANodeElsewhere() {
        assertThatThrownBy(() -> new FlistPreflight(NodeAddress.of("10.0.0.5")).check(app("")))
                .isInstanceOf(RolloutException.class).hasMessageContaining("node 10.0.0.5:6379 cannot reach it");
    }

    private String url() {
        return "http://127.0.0.1:" + hub.getAddress().getPort() + "/local/x.flist";
    }

    private App app(String sha256) {
        return app(sha256, url());
    }

    private static App app(String sha256, String url) {
        return App.of(ContainerSpec.of(url).withName(ContainerName.of("radio")), sha256);
    }
}
