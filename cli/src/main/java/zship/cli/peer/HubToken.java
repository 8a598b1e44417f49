package zship.cli.peer;

import java.util.Optional;

import zship.cli.config.SecretSource;
import zship.cli.session.Session;
import zship.flist.Secret;

/** Finds the token that says to a hub who is asking. */
public final class HubToken {
    private static final String VARIABLE = "ZSHIP_TOKEN_FILE";

    private HubToken() {
    }

    /**
     * Reads the token.
     *
     * @param session whose environment may name a file
     * @param source where an option says it is, such as {@code file:PATH}; empty for the file that the environment names
     * @return the token; empty when neither says where it is
     */
    public static Optional<Secret> find(Session session, String source) {
        String file = session.environment().getOrDefault(VARIABLE, "");
        String place = source.isEmpty() && !file.isEmpty() ? "file:" + file : source;
        return Optional.of(place).filter(it -> !it.isEmpty()).map(SecretSource::of)
                .map(it -> it.read("hub token", session.environment(), session.input()));
    }
}
