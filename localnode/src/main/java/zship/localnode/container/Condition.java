package zship.localnode.container;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A condition of {@code /.startup.toml}: words, {@code true}, {@code false}, {@code and(..)}, {@code or(..)}, {@code not(..)}. */
final class Condition {

    private static final int DEEPEST = 50;

    private final String text;
    private final Predicate<String> words;
    private int at;

    private Condition(String text, Predicate<String> words) {
        this.text = text;
        this.words = words;
    }

    /**
     * Whether it holds; an empty one does.
     *
     * @param  words            whether a word is set
     * @throws StartupException when it cannot be read
     */
    static boolean holds(String text, Predicate<String> words) throws StartupException {
        if (text.isBlank()) {
            return true;
        }
        Condition condition = new Condition(text, words);
        boolean result = condition.expression(0);
        condition.skipBlanks();
        if (condition.at < text.length()) {
            throw condition.malformed();
        }
        return result;
    }

    private boolean expression(int depth) throws StartupException {
        skipBlanks();
        int start = at;
        while (at < text.length() && "(), \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '(') {
            return function(word, depth);
        }
        if (word.isEmpty()) {
            throw malformed();
        }
        return word.equals("true") || !word.equals("false") && words.test(word);
    }

    private boolean function(String name, int depth) throws StartupException {
        if (depth > DEEPEST) {
            throw malformed();
        }
        List<Boolean> values = new ArrayList<>();
        do {
            at++;
            values.add(expression(depth + 1));
            skipBlanks();
        } while (at < text.length() && text.charAt(at) == ',');
        if (at >= text.length() || text.charAt(at) != ')') {
            throw malformed();
        }
        at++;
        return switch (name) {
            case "and" -> !values.contains(false);
            case "or" -> values.contains(true);
            case "not" -> !values.getFirst();
            default -> throw malformed();
        };
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private StartupException malformed() {
        return new StartupException("condition '" + text + "' cannot be read at character " + (at + 1));
    }
}
