package zship.builder.recipe;

import java.util.List;
import java.util.Optional;

/**
 * What a user chooses among a recipe's ways to be built; what is not chosen is the recipe's default.
 *
 * @param profile the profile
 * @param features the features to have, instead of the profile's own
 * @param shell the shell in the root, {@code none} for none
 */
public record Selection(Optional<String> profile, Optional<List<String>> features, Optional<String> shell) {

    /** Copies the features. */
    public Selection {
        features = features.map(List::copyOf);
    }

    /** Returns a selection of nothing. */
    public static Selection defaults() {
        return new Selection(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns a selection of a profile. */
    public static Selection profile(String name) {
        return new Selection(Optional.of(name), Optional.empty(), Optional.empty());
    }
}
