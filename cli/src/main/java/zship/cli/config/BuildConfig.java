package zship.cli.config;

import java.util.Map;
import java.util.Optional;

/**
 * How a root is built, as far as its recipe leaves a choice.
 *
 * @param profile the profile
 * @param features what the service can do, with commas between the names; {@code none} for nothing
 * @param shell the shell in the root; {@code none} for none
 * @param caBundle file of certificates that the root trusts; {@code none} for none
 * @param places where a file sets them, by key: the file and the line
 */
public record BuildConfig(Optional<String> profile, Optional<String> features, Optional<String> shell,
        Optional<String> caBundle, Map<String, String> places) {

    /** Stands for nothing at all. */
    public static final String NONE = "none";

    /** Nothing set. */
    public static final BuildConfig EMPTY = new BuildConfig(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Map.of());

    /** Copies the places. */
    public BuildConfig {
        places = Map.copyOf(places);
    }
}
