package zship.flist.hub;

import java.util.Optional;

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
}
