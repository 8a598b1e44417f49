package zship.localnode.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Name and arguments of a request, read with the texts of Redis for what is wrong with them. */
record Arguments(List<byte[]> elements) {

    /** A refused request; the message is the error text of the answer. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    String name() {
        return text(0).toUpperCase(Locale.ROOT);
    }

    int count() {
        return elements.size() - 1;
    }

    byte[] bytes(int index) {
        return elements.get(index);
    }

    /** One character for each byte, so that any key keeps its identity. */
    String text(int index) {
        return new String(elements.get(index), StandardCharsets.ISO_8859_1);
    }

    List<String> texts(int from, int to) {
        return elements.subList(from, to).stream().map(raw -> new String(raw, StandardCharsets.ISO_8859_1)).toList();
    }

    long number(int index) {
        try {
            return Long.parseLong(text(index));
        } catch (NumberFormatException bad) {
            throw new RefusedException("ERR value is not an integer or out of range");
        }
    }

    /** A timeout in seconds, possibly with a fraction, as milliseconds; a positive one is never rounded to 0. */
    long timeoutMillis(int index) {
        double seconds;
        try {
            seconds = Double.parseDouble(text(index));
        } catch (NumberFormatException bad) {
            throw new RefusedException("ERR timeout is not a float or out of range");
        }
        if (Double.isNaN(seconds) || seconds > Integer.MAX_VALUE) {
            throw new RefusedException("ERR timeout is not a float or out of range");
        }
        if (seconds < 0) {
            throw new RefusedException("ERR timeout is negative");
        }
        return (long) Math.ceil(seconds * 1000);
    }

    Arguments need(int least, int most) {
        if (count() < least || count() > most) {
            throw new RefusedException(
                    "ERR wrong number of arguments for '" + text(0).toLowerCase(Locale.ROOT) + "' command");
        }
        return this;
    }
}
