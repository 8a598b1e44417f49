package zship.localnode.container;

import java.util.regex.Matcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * The {@code running_match} of a service. It comes from an flist and is tried on all that a service prints, so it is matched by
 * RE2, as on a node, in a time that is linear in the text: POSIX classes, no references back, lines have a start and an end.
 *
 * @param pattern what is looked for in a message
 */
record RunningMatch(Pattern pattern) {

    private static final int LONGEST = 1000;

    /** RE2 writes out what is to be repeated, in memory: this bounds the characters that would be written out. */
    private static final long LARGEST = 100_000;

    private static final java.util.regex.Pattern REPEAT = java.util.regex.Pattern
            .compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?\\}");

    /**
     * Reads an expression.
     *
     * @throws StartupException when it is none, or too large
     */
    static RunningMatch of(String text) throws StartupException {
        if (text.length() > LONGEST || text.length() * repeats(text) > LARGEST) {
            throw new StartupException("the expression is too large");
        }
        try {
            return new RunningMatch(Pattern.compile(text, Pattern.MULTILINE));
        } catch (PatternSyntaxException malformed) {
            throw new StartupException(malformed.getDescription());
        }
    }

    /** How often a part is repeated at most, as if all counts were nested. */
    private static long repeats(String text) {
        long product = 1;
        Matcher counts = REPEAT.matcher(text);
        while (counts.find() && product <= LARGEST) {
            String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            product *= Math.max(1, Integer.parseInt(most));
        }
        return product;
    }

    boolean isIn(String message) {
        return pattern.matcher(message).find();
    }
}
