package zship.flist.hub;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.Secret;

/**
 * Who asks a hub.
 *
 * @param token an itsyou.online JWT, a 3bot token, a guest token, or one of an embedded hub; all are sent the same way
 * @param activeUser the user to act as, where the token allows that
 */
public record HubLogin(Optional<Secret> token, Optional<String> activeUser) {
    /** Nobody. */
    public static final HubLogin NONE = new HubLogin(Optional.empty(), Optional.empty());

    /** Checks the user's name, which goes into a header. */
    public HubLogin {
        activeUser.ifPresent(HubNames::repository);
    }

    /** What explains that a hub does not take this login; empty when nothing is known. Never shows the token. */
    String remark(Instant now) {
        if (token.isEmpty()) {
            return "; no token was sent";
        }
        String text = token.get().expose();
        Optional<Instant> end = end(text);
        if (end.isPresent() && end.get().isBefore(now)) {
            return "; the token ended at " + end.get();
        }
        return text.contains(".") ? "" : "; a token without a dot is one of the 3bot login, a guest's needs a dot";
    }

    /** When a JWT (RFC 7519) ends: the number {@code exp} of its second part. */
    private static Optional<Instant> end(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            return Optional.of(JsonMapper.shared().readTree(claims).path("exp").asLong(0)).filter(end -> end > 0)
                    .map(Instant::ofEpochSecond);
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }
}
