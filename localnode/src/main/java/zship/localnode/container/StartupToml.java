package zship.localnode.container;

import java.util.Locale;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * TOML as a node reads it, which is less than TOML: no dotted keys, no tab inside {@code "..."}, and no bare {@code "} inside
 * {@code """..."""} (measured on 0-core). What a node refuses is refused here, so that nobody finds out only there.
 */
final class StartupToml {

    private static final String THREE_QUOTES = "\"\"\"";
    private static final String THREE_APOSTROPHES = "'''";

    private final String text;
    private int at;
    private int line = 1;
    private boolean inKey = true;
    private int depth;

    private StartupToml(String text) {
        this.text = text;
    }

    static JsonNode read(String text) throws StartupException {
        new StartupToml(text.replace("\r\n", "\n")).check();
        try {
            return new TomlMapper().readTree(text);
        } catch (JacksonException malformed) {
            throw new StartupException("syntax: " + malformed.getOriginalMessage());
        }
    }

    /** Names match without case and underscores. */
    static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    static JsonNode table(Map.Entry<String, JsonNode> entry) throws StartupException {
        if (!entry.getValue().isObject()) {
            throw new StartupException("'" + entry.getKey() + "' is not a table");
        }
        return entry.getValue();
    }

    private void check() throws StartupException {
        while (at < text.length()) {
            char letter = text.charAt(at);
            if (letter == '\n') {
                line++;
                inKey = depth == 0;
                at++;
            } else if (letter == '#') {
                skipTo("\n", at);
            } else if (letter == '[' && inKey) {
                header();
            } else if (letter == '=') {
                inKey = false;
                at++;
            } else if (letter == '.' && inKey) {
                throw new StartupException("syntax: line " + line + ": a node does not read dotted keys");
            } else if (letter == '"' || letter == '\'') {
                string(letter);
            } else {
                depth += "[{".indexOf(letter) >= 0 ? 1 : "]}".indexOf(letter) >= 0 ? -1 : 0;
                at++;
            }
        }
    }

    /** The name of a table has dots; it ends with the line. */
    private void header() {
        skipTo("\n", at);
    }

    private void string(char quote) throws StartupException {
        String three = quote == '"' ? THREE_QUOTES : THREE_APOSTROPHES;
        if (text.startsWith(three, at)) {
            at += three.length();
            if (quote == '"') {
                longString();
            } else {
                skipTo(three, at);
                at = Math.min(text.length(), at + three.length());
            }
            return;
        }
        at++;
        while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
            if (quote == '"' && text.charAt(at) == '\t') {
                throw new StartupException("syntax: line " + line + ": a node does not read a tab inside \"...\"");
            }
            at += quote == '"' && text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at < text.length() && text.charAt(at) == quote) {
            at++;
        }
    }

    private void longString() throws StartupException {
        while (at < text.length() && !text.startsWith(THREE_QUOTES, at)) {
            char letter = text.charAt(at);
            if (letter == '"') {
                throw new StartupException(
                        "syntax: line " + line + ": a node does not read a bare \" inside \"\"\"...\"\"\"");
            }
            line += letter == '\n' ? 1 : 0;
            at += letter == '\\' ? 2 : 1;
        }
        at = Math.min(text.length(), at + THREE_QUOTES.length());
    }

    private void skipTo(String end, int from) {
        int found = text.indexOf(end, from);
        int stop = found < 0 ? text.length() : found;
        line += end.equals("\n") ? 0 : (int) text.substring(at, stop).chars().filter(letter -> letter == '\n').count();
        at = stop;
    }
}
