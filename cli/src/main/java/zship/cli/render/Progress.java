package zship.cli.render;

import java.util.Locale;
import java.util.Map;

/** How progress is shown. */
public enum Progress {
    /** Rewrites a line per running step; for a terminal. */
    TTY,
    /** One line per finished step; for a pipe or a log. */
    PLAIN,
    /** JSON lines on the standard output. */
    JSON,
    /** Results and errors only. */
    QUIET;

    /**
     * Chooses the mode.
     *
     * @param wanted {@code auto}, {@code tty}, {@code plain}, {@code json} or {@code quiet}
     * @param json whether {@code --json} was given; it wins
     * @param terminal whether the standard error is a terminal
     * @param environment the process environment; {@code TERM=dumb} rules out rewriting lines
     * @return the mode
     * @throws IllegalArgumentException when {@code wanted} is none of the words
     */
    public static Progress of(String wanted, boolean json, boolean terminal, Map<String, String> environment) {
        if (json) {
            return JSON;
        }
        if (wanted.equals("auto")) {
            String term = environment.getOrDefault("TERM", "dumb");
            return terminal && !term.equals("dumb") && !environment.containsKey("CI") ? TTY : PLAIN;
        }
        return valueOf(wanted.toUpperCase(Locale.ROOT));
    }
}
