package zship.cli.config;

import java.util.Optional;

/**
 * How an application is brought to its nodes.
 *
 * @param token where the token (JWT) is found that nodes of an organisation ask for
 * @param parallel how many nodes are changed at a time, after the first one
 * @param drain how long an old container lives on after the public ports moved, such as {@code 5s}
 */
public record RolloutConfig(Optional<SecretSource> token, Optional<Integer> parallel, Optional<String> drain) {

    /** Nothing set. */
    public static final RolloutConfig EMPTY = new RolloutConfig(Optional.empty(), Optional.empty(), Optional.empty());

    /** These settings where they are set, else those below. */
    RolloutConfig over(RolloutConfig below) {
        return new RolloutConfig(token.or(below::token), parallel.or(below::parallel), drain.or(below::drain));
    }
}
