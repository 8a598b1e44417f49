package zship.localnode.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** An identity provider: a key pair and the tokens it signs. */
public final class Tokens {
    private final KeyPair pair;

    public Tokens(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        pair = generator.generateKeyPair();
    }

    public ECPublicKey key() {
        return (ECPublicKey) pair.getPublic();
    }

    public String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A token with that algorithm in its header and these claims. */
    public String token(String algorithm, String claims) throws GeneralSecurityException {
        String signed = encode("{\"typ\":\"JWT\",\"alg\":\"" + algorithm + "\"}") + "." + encode(claims);
        Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
