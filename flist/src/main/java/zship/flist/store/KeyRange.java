package zship.flist.store;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.flist.chunk.ChunkId;

/**
 * The ids that begin with something from {@code low} to {@code high}, both included, as a node's {@code router.yaml} writes
 * it: {@code 00:7f}, or {@code ab} for the ids that begin with exactly that.
 *
 * @param low lower-case hex digits, an even number of them
 * @param high as many digits as {@code low}
 */
public record KeyRange(String low, String high) {
    /** All ids. */
    public static final KeyRange ALL = new KeyRange("00", "ff");

    private static final Pattern TEXT = Pattern.compile("([0-9a-fA-F]{1,32})(?::([0-9a-fA-F]{1,32}))?");

    /**
     * Reads a range. Nodes complete an odd number of digits with a 0 at the end.
     *
     * @throws IllegalArgumentException when it is none, or its ends differ in length; the message says why
     */
    public static KeyRange of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no range of ids");
        }
        String low = wholeBytes(matcher.group(1));
        String high = matcher.group(2) == null ? low : wholeBytes(matcher.group(2));
        if (low.length() != high.length()) {
            throw new IllegalArgumentException("the two ends of the range '" + text + "' differ in length");
        }
        if (low.compareTo(high) > 0) {
            throw new IllegalArgumentException("the range '" + text + "' ends before it begins");
        }
        return new KeyRange(low, high);
    }

    /** Whether {@code id} is one of them. */
    public boolean contains(ChunkId id) {
        String head = id.toString().substring(0, low.length());
        return low.compareTo(head) <= 0 && head.compareTo(high) <= 0;
    }

    /** The range as a routing table writes it. */
    @Override
    public String toString() {
        return low.equals(high) ? low : low + ":" + high;
    }

    private static String wholeBytes(String digits) {
        String lower = digits.toLowerCase(Locale.ROOT);
        return lower.length() % 2 == 0 ? lower : lower + "0";
    }
}
