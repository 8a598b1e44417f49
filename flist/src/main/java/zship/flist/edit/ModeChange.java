package zship.flist.edit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A change of permission bits as {@code chmod} takes it: octal digits, or symbolic clauses such as {@code u+x,go-w} (POSIX
 * chmod, without copying bits between classes).
 */
public final class ModeChange {
    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([-+=])([rwxXst]*)");
    private static final int EXECUTE = 0111;

    private final String text;

    private ModeChange(String text) {
        this.text = text;
    }

    /**
     * Parses a change.
     *
     * @throws IllegalArgumentException when it is neither octal digits up to 7777 nor symbolic clauses
     */
    public static ModeChange of(String text) {
        if (!isOctal(text)) {
            for (String clause : text.split(",", -1)) {
                if (!CLAUSE.matcher(clause).matches()) {
                    throw new IllegalArgumentException("'" + text + "' is no mode");
                }
            }
        }
        return new ModeChange(text);
    }

    /** The twelve bits after the change. */
    public int apply(int mode, boolean directory) {
        if (isOctal(text)) {
            return Integer.parseInt(text, 8);
        }
        int changed = mode;
        for (String clause : text.split(",", -1)) {
            Matcher matcher = CLAUSE.matcher(clause);
            if (matcher.matches()) {
                changed = clause(changed, matcher, directory);
            }
        }
        return changed;
    }

    private static int clause(int mode, Matcher clause, boolean directory) {
        String who = clause.group(1).isEmpty() || clause.group(1).contains("a") ? "ugo" : clause.group(1);
        boolean execute = directory || (mode & EXECUTE) != 0;
        int bits = 0;
        int all = 0;
        for (char c : who.toCharArray()) {
            int shift = c == 'u' ? 6 : c == 'g' ? 3 : 0;
            all |= 7 << shift | (c == 'u' ? 04000 : c == 'g' ? 02000 : 01000);
            bits |= bits(clause.group(3), shift, execute);
        }
        return switch (clause.group(2)) {
            case "+" -> mode | bits;
            case "-" -> mode & ~bits;
            default -> mode & ~all | bits;
        };
    }

    private static int bits(String letters, int shift, boolean execute) {
        int bits = 0;
        for (char c : letters.toCharArray()) {
            bits |= switch (c) {
                case 'r' -> 4 << shift;
                case 'w' -> 2 << shift;
                case 'x' -> 1 << shift;
                case 'X' -> execute ? 1 << shift : 0;
                case 's' -> shift == 6 ? 04000 : shift == 3 ? 02000 : 0;
                default -> 01000;
            };
        }
        return bits;
    }

    private static boolean isOctal(String text) {
        return text.matches("0*[0-7]{1,4}");
    }
}
