package zship.cli.render;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Sizes() {
    }

    /**
     * Formats a number of bytes with a binary unit.
     *
     * @param bytes the number
     * @return such as {@code 57.2 MiB}
     */
    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /**
     * Formats a duration in seconds with one decimal.
     *
     * @param took the duration
     * @return such as {@code 12.3s}
     */
    public static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1fs", took.toMillis() / 1000.0);
    }
}
