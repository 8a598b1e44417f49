package zship.deployer.node;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import zship.flist.Secret;

/** What can be read from a JSON web token without its issuer's key. Only used to explain why a node refused one. */
record JsonWebToken(Secret text) {

    private static final int MAX_LENGTH = 64 * 1024;

    /** When it ends, if it says so. */
    Optional<Instant> expiry() {
        String[] parts = text.expose().split("\\.");
        if (parts.length != 3 || text.expose().length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            long seconds = NodeJson.read("a token", claims).path("exp").asLong(0);
            return seconds > 0 ? Optional.of(Instant.ofEpochSecond(seconds)) : Optional.empty();
        } catch (IllegalArgumentException | NodeException e) {
            return Optional.empty();
        }
    }

    /** Why a node may have refused it at this time. */
    String fault(Instant now) {
        Optional<Instant> expiry = expiry();
        if (expiry.isPresent() && expiry.get().isBefore(now)) {
            return "it expired at " + expiry.get();
        }
        return expiry.isPresent() ? "it is of another organisation, or the node's clock is wrong" : "it is not a token";
    }
}
