package zship.localnode.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokens (JWT) as the node's proxy takes them: signed with ES384 by the identity provider, not expired, and made for one of
 * the organisations ({@code azp}) or for one of its members ({@code scope} has {@code user:memberof:<organisation>}).
 */
public final class TokenCheck {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST = 16 << 10;
    private static final int CURVE_BITS = 384;

    private final ECPublicKey key;
    private final List<String> organizations;
    private final Clock clock;

    /**
     * A check against one key.
     *
     * @param key           public key of the identity provider
     * @param organizations names that tokens may be for, compared without case
     * @param clock         time that expiry is measured by
     */
    public TokenCheck(ECPublicKey key, List<String> organizations, Clock clock) {
        this.key = key;
        this.organizations = List.copyOf(organizations);
        this.clock = clock;
    }

    /**
     * Reads a public key in PEM ({@code BEGIN PUBLIC KEY}).
     *
     * @throws GeneralSecurityException when it is not one of the curve P-384
     */
    public static ECPublicKey readKey(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        try {
            if (KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body))) instanceof ECPublicKey key
                    && key.getParams().getCurve().getField().getFieldSize() == CURVE_BITS) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            throw new GeneralSecurityException("it is not PEM text: " + malformed.getMessage(), malformed);
        }
        throw new GeneralSecurityException("it is not a key of the curve P-384");
    }

    /** Whether the token opens the node. */
    public boolean accepts(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST || parts.length != 3 || !algorithm(parts[0]).equals("ES384")) {
            return false;
        }
        return isSigned(parts) && part(parts[1]).filter(claims -> isCurrent(claims) && isForUs(claims)).isPresent();
    }

    private static String algorithm(String header) {
        return part(header).map(json -> json.path("alg").asString("")).orElse("");
    }

    private static Optional<JsonNode> part(String text) {
        try {
            return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(text))).filter(JsonNode::isObject);
        } catch (IllegalArgumentException | JacksonException malformed) {
            return Optional.empty();
        }
    }

    private boolean isSigned(String[] parts) {
        try {
            Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return false;
        }
    }

    /** As the proxy's reader of tokens: a time that is absent does not limit. */
    private boolean isCurrent(JsonNode claims) {
        double now = clock.millis() / 1000.0;
        return claims.path("exp").asDouble(Double.MAX_VALUE) > now && claims.path("nbf").asDouble(0) <= now;
    }

    private boolean isForUs(JsonNode claims) {
        String party = claims.path("azp").asString("");
        List<String> scopes = StreamSupport.stream(claims.path("scope").spliterator(), false)
                .map(scope -> scope.asString("")).toList();
        return organizations.stream().anyMatch(organization -> party.equalsIgnoreCase(organization)
                || scopes.stream().anyMatch(scope -> scope.equalsIgnoreCase("user:memberof:" + organization)));
    }
}
