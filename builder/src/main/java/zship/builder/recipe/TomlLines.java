package zship.builder.recipe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the lines of keys in a TOML text that was already read without an error. The library that reads TOML forgets
 * where values were; people who made a slip want to know.
 */
final class TomlLines {

    private static final Pattern HEADER = Pattern.compile("\\s*(\\[\\[?)([^\\[\\]]+)\\]\\]?\\s*(?:#.*)?");
    private static final Pattern KEY = Pattern.compile("\\s*((?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+)(?:\\s*\\.\\s*"
            + "(?:\"[^\"]*\"|'[^']*'|[A-Za-z0-9_-]+))*)\\s*=(.*)");
    private static final Pattern PART = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)");

    private final Map<List<String>, Integer> lines = new HashMap<>();
    private final Map<List<String>, Integer> elements = new HashMap<>();
    /** What ends the value that goes on over several lines: quotes, or nothing when none does. */
    private String quotes = "";
    private int brackets;

    private TomlLines() {
    }

    /** Reads where the keys of a text are. */
    static TomlLines of(String text) {
        TomlLines found = new TomlLines();
        List<String> table = List.of();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!found.quotes.isEmpty() || found.brackets > 0) {
                found.pass(line);
                continue;
            }
            Matcher header = HEADER.matcher(line);
            Matcher key = KEY.matcher(line);
            if (header.matches()) {
                table = found.table(parts(header.group(2)), header.group(1).length() == 2);
                found.lines.putIfAbsent(table, number);
            } else if (key.matches()) {
                List<String> path = new ArrayList<>(table);
                path.addAll(parts(key.group(1)));
                found.lines.putIfAbsent(List.copyOf(path), number);
                found.pass(key.group(2));
            }
        }
        return found;
    }

    /**
     * Returns the line of a key, or of the table that it would be in.
     *
     * @param path names of keys, and numbers of elements from 0
     */
    OptionalInt find(List<String> path) {
        for (int length = path.size(); length > 0; length--) {
            Integer line = lines.get(path.subList(0, length));
            if (line != null) {
                return OptionalInt.of(line);
            }
        }
        return OptionalInt.empty();
    }

    /** Returns the path of a table; where the path goes through a list of tables, its last element is meant. */
    private List<String> table(List<String> header, boolean element) {
        List<String> path = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            path.add(header.get(i));
            List<String> list = List.copyOf(path);
            if (element && i == header.size() - 1) {
                path.add(String.valueOf(elements.merge(list, 1, Integer::sum) - 1));
            } else if (elements.containsKey(list)) {
                path.add(String.valueOf(elements.getOrDefault(list, 1) - 1));
            }
        }
        return List.copyOf(path);
    }

    /** Goes over a value, or a part of one, and keeps what is still open at the end of the line. */
    private void pass(String value) {
        int at = 0;
        while (at < value.length()) {
            if (!quotes.isEmpty()) {
                int end = end(value, at);
                if (end < 0) {
                    break;
                }
                at = end + quotes.length();
                quotes = "";
                continue;
            }
            char next = value.charAt(at);
            if (next == '#') {
                break;
            }
            if (next == '"' || next == '\'') {
                String one = String.valueOf(next);
                quotes = value.startsWith(one.repeat(3), at) ? one.repeat(3) : one;
                at += quotes.length();
                continue;
            }
            brackets += next == '[' || next == '{' ? 1 : next == ']' || next == '}' ? -1 : 0;
            at++;
        }
        if (quotes.length() == 1) {
            quotes = "";
        }
    }

    private int end(String value, int from) {
        for (int at = from; at < value.length(); at++) {
            if (quotes.startsWith("\"") && value.charAt(at) == '\\') {
                at++;
            } else if (value.startsWith(quotes, at)) {
                return at;
            }
        }
        return -1;
    }

    private static List<String> parts(String dotted) {
        List<String> parts = new ArrayList<>();
        Matcher part = PART.matcher(dotted);
        while (part.find()) {
            parts.add(part.group(1) != null ? part.group(1) : part.group(2) != null ? part.group(2) : part.group(3));
        }
        return List.copyOf(parts);
    }
}
