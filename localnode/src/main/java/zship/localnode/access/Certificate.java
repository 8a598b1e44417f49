package zship.localnode.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;

import zship.localnode.process.PrivateFiles;
import zship.localnode.process.Tool;

/**
 * The node's self-signed certificate, made once and kept: RSA-2048, valid 100 years. A node of Zero-OS makes a new one at
 * each start; keeping it lets clients pin it. The JDK's keytool makes it.
 */
public final class Certificate {

    private static final String NAME = "tls.p12";
    /** A key store must have one; what protects the key is the mode of the file. */
    private static final String PASSWORD = "zship-node";
    private static final String PASSWORD_VARIABLE = "ZSHIP_STORE_PASSWORD";

    private Certificate() {
    }

    /**
     * What a TLS listener needs; the certificate is made when there is none.
     *
     * @param  directory            private folder of the node; gets {@code tls.p12}
     * @param  environment          environment of the program that makes it
     * @throws IOException          when it can be neither read nor made
     * @throws InterruptedException when the waiting thread is interrupted
     */
    public static SslContext obtain(Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            make(directory, file, environment);
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD.toCharArray());
            return SslContextBuilder.forServer(keys).protocols("TLSv1.3", "TLSv1.2").build();
        } catch (GeneralSecurityException unusable) {
            throw new IOException(file + " cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static void make(Path directory, Path file, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path fresh = file.resolveSibling("." + NAME + ".new");
        Files.deleteIfExists(fresh);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(PASSWORD_VARIABLE, PASSWORD);
        Tool.Outcome made = Tool.run(variables, directory, List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "node",
                "-keyalg", "RSA", "-keysize", "2048", "-validity", "36500", "-dname", "O=zship", "-ext", "bc:c=ca:true",
                "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", fresh.toString(),
                "-storepass:env", PASSWORD_VARIABLE));
        if (!made.succeeded()) {
            throw new IOException("keytool cannot make a certificate: " + made.output());
        }
        PrivateFiles.keep(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
