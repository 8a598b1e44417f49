package zship.cli.flist;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.Entry;
import zship.flist.TreePath;

/**
 * What {@code find} looks for.
 *
 * @param name what the shown name must match
 * @param type type letter, empty for any
 * @param sign {@code +}, {@code -}, or empty for equal
 * @param size bytes, -1 for any
 */
record EntryFilter(Pattern name, String type, String sign, long size) {
    private static final Pattern SIZE = Pattern.compile("([+-]?)([0-9]{1,9}|[0-9]{1,18}(?![kMG]))([kMG]?)");

    static EntryFilter of(String name, String type, String size) {
        if (!type.matches("[fdlbcps]?")) {
            throw new CliException(ExitCode.USAGE, "cannot use -type " + type, "there is no such type",
                    "f, d, l, b, c, p or s");
        }
        Matcher matcher = SIZE.matcher(size);
        if (!size.isEmpty() && !matcher.matches()) {
            throw new CliException(ExitCode.USAGE, "cannot use -size " + size, "it is no size",
                    "write bytes, such as +512k for more than 512 KiB");
        }
        Pattern pattern = Pattern.compile(name.codePoints()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining()), Pattern.DOTALL);
        if (size.isEmpty()) {
            return new EntryFilter(pattern, type, "", -1);
        }
        int shift = "kMG".indexOf(matcher.group(3)) * 10 + 10;
        return new EntryFilter(pattern, type, matcher.group(1),
                Long.parseLong(matcher.group(2)) << (matcher.group(3).isEmpty() ? 0 : shift));
    }

    boolean accepts(TreePath path, Entry entry) {
        if (!type.isEmpty() && Trees.letter(entry) != type.charAt(0)) {
            return false;
        }
        String last = path.name().map(Object::toString).orElse("/");
        return name.matcher(last).matches() && (size < 0 || switch (sign) {
            case "+" -> entry.size() > size;
            case "-" -> entry.size() < size;
            default -> entry.size() == size;
        });
    }
}
