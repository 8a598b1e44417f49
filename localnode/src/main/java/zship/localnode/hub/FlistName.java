package zship.localnode.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file name of an flist on the hub: letters, digits and {@code . _ -}, not starting with a dot, ending in
 * {@code .flist}, at most 200 characters.
 *
 * @param text the name with its ending
 */
record FlistName(String text) {

    static final String ENDING = ".flist";
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,193}\\.flist");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /** The name of a text, with or without the ending; empty when it is not allowed. */
    static Optional<FlistName> of(String text) {
        String whole = text.endsWith(ENDING) ? text : text + ENDING;
        return VALID.matcher(whole).matches() ? Optional.of(new FlistName(whole)) : Optional.empty();
    }

    /** Whether a text may name a user, a tag or a link to a tag. */
    static boolean isUser(String text) {
        return USER.matcher(text).matches() && !text.equals("me");
    }

    @Override
    public String toString() {
        return text;
    }
}
