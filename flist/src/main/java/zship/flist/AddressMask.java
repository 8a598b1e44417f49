package zship.flist;

import java.util.regex.Pattern;

/**
 * Takes passwords out of addresses that are shown, also of those that are written wrongly: a password may hold slashes, colons
 * and {@code @}, so that only the last {@code @} ends it.
 */
public final class AddressMask {
    private static final Pattern ADDRESS = Pattern.compile("(?s)^(\\w+:/{1,2})?.*@");
    private static final Pattern WITHIN = Pattern.compile("://(?:(?!\\b(?:zdb|ardb|redis|https?)://)\\S)+@");
    private static final String MASK = "***@";

    private AddressMask() {
    }

    /** A text that is one address, with {@code ***} for all that stands in front of its last {@code @}. */
    public static String address(String text) {
        return ADDRESS.matcher(text).replaceFirst(match -> (match.group(1) == null ? "" : match.group(1)) + MASK);
    }

    /** A text that holds addresses, with {@code ***} for their passwords; an address ends before a space or the next one. */
    public static String text(String text) {
        return WITHIN.matcher(text).replaceAll("://" + MASK);
    }
}
