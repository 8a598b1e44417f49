package zship.deployer.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.DeployException;
import zship.deployer.fake.FakeNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TrustTest {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static SSLServerSocketFactory firstBoot;
    private static SSLServerSocketFactory secondBoot;

    @BeforeAll
    static void makeCertificates() throws IOException, GeneralSecurityException, InterruptedException {
        firstBoot = certificate(folder.resolve("first.p12"));
        secondBoot = certificate(folder.resolve("second.p12"));
    }

    @Test
    void firstUseRemembersTheCertificateAndAcceptsItAgain(@TempDir Path state) {
        Path pins = state.resolve("node-pins");
        try (FakeNode node = FakeNode.start(firstBoot, 0)) {
            assertThat(ping(node, new Trust.FirstUse(pins))).startsWith("PONG");
            assertThat(ping(node, new Trust.FirstUse(pins))).startsWith("PONG");
            assertThat(pins).content().matches("127\\.0\\.0\\.1:[0-9]+ sha256:[0-9a-f]{64}\n");
        }
    }

    @Test
    void changedCertificateIsRefusedWithTheRemedyAndAcceptedWhenTold(@TempDir Path state) {
        Path pins = state.resolve("node-pins");
        int port;
        try (FakeNode node = FakeNode.start(firstBoot, 0)) {
            ping(node, new Trust.FirstUse(pins));
            port = node.address().port();
        }
        try (FakeNode node = FakeNode.start(secondBoot, port)) {
            assertThatThrownBy(() -> ping(node, new Trust.FirstUse(pins))).isInstanceOfSatisfying(NodeException.class,
                    e -> {
                        assertThat(e.kind()).isEqualTo(DeployException.Kind.REFUSED);
                        assertThat(e.why()).startsWith("its certificate changed: it was sha256:");
                        assertThat(e.hint()).contains("--accept-new-cert");
                    });
            assertThat(ping(node, new Trust.AcceptNew(pins))).startsWith("PONG");
            assertThat(ping(node, new Trust.FirstUse(pins))).startsWith("PONG");
        }
    }

    @Test
    void anyoneIsAcceptedOnlyWhenToldSo() {
        try (FakeNode node = FakeNode.start(firstBoot, 0)) {
            assertThat(ping(node, new Trust.Anyone())).startsWith("PONG");
            assertThatThrownBy(() -> ping(node, new Trust.Nobody())).isInstanceOf(NodeException.class)
                    .hasMessageContaining("no certificate is trusted yet").hasMessageContaining("sha256:");
        }
    }

    private static String ping(FakeNode node, Trust trust) {
        NodeAddress encrypted = NodeAddress.of("rediss://" + node.address());
        try (NodeClient client = NodeClient.open(NodeSettings.of(encrypted).withTrust(trust))) {
            return client.run(Command.of("core.ping"), LONG).text();
        }
    }

    /** A self-signed certificate with the one name that those of nodes have. */
    private static SSLServerSocketFactory certificate(Path file)
            throws IOException, GeneralSecurityException, InterruptedException {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "node", "-keyalg", "RSA", "-keysize", "2048", "-dname", "O=GIG", "-ext",
                "san=dns:zero-os.gig.tech", "-validity", "36500", "-storetype", "PKCS12", "-storepass",
                new String(PASSWORD), "-keystore", file.toString()).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
