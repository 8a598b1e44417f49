package zship.flist.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The records of a pax extended header (POSIX.1-2001): {@code "length key=value\n"}, values kept as bytes. */
final class PaxRecords {
    /** Others are dropped: any number of global headers can come, and what they say is there for every member. */
    private static final Set<String> KNOWN = Set.of("path", "linkpath", "size", "uid", "gid", "uname", "gname",
            "mtime");

    private final Map<String, byte[]> values = new HashMap<>();
    private boolean sparse;

    /** Adds the records in {@code body}; an empty value stands for none, also where an earlier header had one. */
    void add(byte[] body, long offset) throws MalformedTarException {
        int at = 0;
        while (at < body.length) {
            int space = indexOf(body, (byte) ' ', at);
            int length = space < 0 ? 0 : decimal(body, at, space);
            if (space < 0 || length <= space - at + 1 || length > body.length - at || body[at + length - 1] != '\n') {
                throw new MalformedTarException("the extended header at offset " + offset + " is damaged");
            }
            int equals = indexOf(body, (byte) '=', space);
            if (equals < 0 || equals >= at + length) {
                throw new MalformedTarException(
                        "the extended header at offset " + offset + " has a record without '='");
            }
            String key = new String(body, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOfRange(body, equals + 1, at + length - 1);
            if (KNOWN.contains(key)) {
                values.put(key, value);
            }
            sparse |= key.startsWith("GNU.sparse.");
            at += length;
        }
    }

    void addAll(PaxRecords others) {
        values.putAll(others.values);
        sparse |= others.sparse;
    }

    Optional<byte[]> bytes(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> value.length > 0);
    }

    Optional<String> text(String key) {
        return bytes(key).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** A decimal number; digits after a point are dropped downwards, as times before 1970 need it. */
    Optional<Long> number(String key, long offset) throws MalformedTarException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String digits = text.get();
        if (!digits.matches("-?\\d{1,18}(\\.\\d*)?")) {
            throw new MalformedTarException("the extended header at offset " + offset + " has a bad number for " + key);
        }
        int point = digits.indexOf('.');
        long whole = Long.parseLong(point < 0 ? digits : digits.substring(0, point));
        boolean fraction = point >= 0 && digits.substring(point + 1).matches(".*[1-9].*");
        return Optional.of(digits.startsWith("-") && fraction ? whole - 1 : whole);
    }

    boolean hasSparse() {
        return sparse;
    }

    private static int indexOf(byte[] body, byte wanted, int from) {
        for (int i = from; i < body.length; i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int decimal(byte[] body, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (body[i] < '0' || body[i] > '9' || value > 100_000_000) {
                return 0;
            }
            value = value * 10 + (body[i] - '0');
        }
        return value;
    }
}
