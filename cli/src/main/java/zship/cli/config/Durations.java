package zship.cli.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;

/** Reads durations as people write them. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d|)");

    private Durations() {
    }

    /**
     * Parses {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h} or {@code 7d}; a plain number is seconds.
     *
     * @param name what the duration is for, for the message
     * @param text the duration
     * @return its value, at least one millisecond
     * @throws CliException when it is not a duration
     */
    public static Duration parse(String name, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Long.parseLong(form.group(1)) == 0) {
            throw new CliException(ExitCode.USAGE, "cannot use " + name + " " + text, "it is not a duration",
                    "write it like 30s, 2m or 500ms");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
