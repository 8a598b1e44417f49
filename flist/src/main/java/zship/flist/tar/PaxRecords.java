package zship.flist.tar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The records of a pax extended header (POSIX.1-2001): {@code "length key=value\n"}, values kept as bytes. */
final class PaxRecords {
    /** Others are dropped: any number of global headers can come, and what they say is there for every member. */
    private static final Set<String> KNOWN = Set.of("path", "linkpath", "size", "uid", "gid", "uname", "gname",
            "mtime", "GNU.sparse.name", "GNU.sparse.size", "GNU.sparse.realsize", "GNU.sparse.major", "GNU.sparse.map");

    private final Map<String, byte[]> values = new HashMap<>();
    /** Those of sparse files come again and again in one header, in an order that counts. */
    private final List<Long> sparse = new ArrayList<>();

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
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                sparse.add(SparseMap.number(new String(value, StandardCharsets.UTF_8), offset));
                SparseMap.requireFew(sparse.size(), offset);
            }
            at += length;
        }
    }

    void addAll(PaxRecords others) {
        values.putAll(others.values);
        sparse.addAll(others.sparse);
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

    /** Whether the file is sparse. */
    boolean hasSparse() {
        return !sparse.isEmpty() || values.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
    }

    /** Whether the map of a sparse file is in front of its content: since version 1. */
    boolean hasSparseLines(long offset) throws MalformedTarException {
        String version = text("GNU.sparse.major").orElse("0");
        if (!version.equals("0") && !version.equals("1")) {
            throw new MalformedTarException("the sparse member at offset " + offset + " is of the unknown version "
                    + version);
        }
        return version.equals("1");
    }

    /** Bytes of a sparse file, holes included. */
    long sparseSize(long offset) throws MalformedTarException {
        Optional<Long> size = number("GNU.sparse.realsize", offset);
        return (size.isPresent() ? size : number("GNU.sparse.size", offset)).orElse(-1L);
    }

    /** Offsets and lengths of a sparse file that is described in headers. */
    List<Long> sparseNumbers(long offset) throws MalformedTarException {
        Optional<String> map = text("GNU.sparse.map");
        if (map.isEmpty()) {
            return sparse;
        }
        List<Long> numbers = new ArrayList<>();
        for (String number : map.get().split(",", -1)) {
            numbers.add(SparseMap.number(number, offset));
        }
        return numbers;
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
