package zship.flist.store;

import java.util.regex.Pattern;

import zship.flist.AddressMask;

/** Takes the passwords out of the text of a {@code router.yaml}, and leaves the rest as it was written where it can. */
final class RouterMask {
    static final String MASK = "***";
    private static final Pattern PERHAPS = Pattern.compile("://(?:(?!://)[^\\r\\n])+@");
    private static final String MASKED = "://" + MASK + "@";

    private RouterMask() {
    }

    /** A part of the text, such as one that a message quotes. */
    static String part(String text) {
        return AddressMask.text(text);
    }

    /** YAML can write a password in ways that only its reader sees through; such a table is written anew. */
    static String text(String text) {
        String masked = part(text);
        try {
            Router router = Router.of(masked, "");
            boolean clean = router.servers().stream().flatMap(server -> server.password().stream())
                    .allMatch(password -> password.expose().equals(MASK));
            return clean ? masked : router.text(true);
        } catch (StoreException unreadable) {
            return PERHAPS.matcher(text).replaceAll(MASKED);
        }
    }
}
