package zship.deployer.node;

import java.net.Socket;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

import zship.deployer.PrivateFile;

/** Decides about the certificate a node shows, by the fingerprint remembered for its address. */
final class CertificatePins extends X509ExtendedTrustManager {

    private static final String PREFIX = "sha256:";

    private final NodeAddress address;
    private final Trust trust;

    CertificatePins(NodeAddress address, Trust trust) {
        this.address = address;
        this.trust = trust;
    }

    /** A certificate that is not accepted. */
    static final class RefusedCertificate extends CertificateException {

        private static final long serialVersionUID = 1L;

        private final String hint;

        RefusedCertificate(String why, String hint) {
            super(why);
            this.hint = hint;
        }

        String hint() {
            return hint;
        }
    }

    /** These decisions in the form TLS engines take. */
    TrustManagerFactory factory() {
        CertificatePins pins = this;
        TrustManagerFactorySpi spi = new TrustManagerFactorySpi() {
            @Override
            protected void engineInit(@Nullable KeyStore store) {
                // Nothing comes from a key store.
            }

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {
                // There are no parameters.
            }

            @Override
            protected TrustManager[] engineGetTrustManagers() {
                return new TrustManager[]{pins};
            }
        };
        return new TrustManagerFactory(spi, new PinProvider(), "pins") {
        };
    }

    private void decide(X509Certificate[] chain) throws CertificateException {
        String shown = fingerprint(chain[0]);
        switch (trust) {
            case Trust.Nobody nobody -> throw new RefusedCertificate("no certificate is trusted yet (it shows " + shown
                    + ")", "choose where pins are kept, or use --insecure");
            case Trust.FirstUse first -> firstUse(new PrivateFile(first.pins()), shown);
            case Trust.AcceptNew accept -> remember(new PrivateFile(accept.pins()), shown);
            case Trust.Anyone anyone -> {
                return;
            }
        }
    }

    private void firstUse(PrivateFile file, String shown) throws CertificateException {
        Optional<String> known = Optional.ofNullable(read(file).get(address.hostAndPort()));
        if (known.isEmpty()) {
            remember(file, shown);
        } else if (!known.get().equals(shown)) {
            throw new RefusedCertificate("its certificate changed: it was " + known.get() + ", it is " + shown,
                    "a node makes a new one at each boot; if it was restarted, use --accept-new-cert once");
        }
    }

    private void remember(PrivateFile file, String shown) {
        Map<String, String> pins = read(file);
        if (shown.equals(pins.put(address.hostAndPort(), shown))) {
            return;
        }
        StringBuilder text = new StringBuilder();
        pins.forEach((node, pin) -> text.append(node).append(' ').append(pin).append('\n'));
        file.write(text.toString());
    }

    private static Map<String, String> read(PrivateFile file) {
        Map<String, String> pins = new TreeMap<>();
        file.read().ifPresent(text -> text.lines().map(line -> line.split(" ", 2)).filter(pair -> pair.length == 2)
                .forEach(pair -> pins.put(pair[0], pair[1].strip())));
        return pins;
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateEncodingException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return PREFIX + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        decide(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        decide(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        decide(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /** A provider by name only, which a factory must have. */
    private static final class PinProvider extends Provider {

        private static final long serialVersionUID = 1L;

        PinProvider() {
            super("zship-pins", "1", "certificates seen before");
        }
    }
}
