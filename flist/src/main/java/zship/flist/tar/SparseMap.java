package zship.flist.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Where the bytes that a sparse member stores belong; the rest is holes. GNU tar has written that in four ways, see "Storing Sparse
 * Files" in its manual: in tables behind the header (type {@code S}), in records of pax headers (0.0 and 0.1), and in lines in front
 * of the content (1.0), as bsdtar does as well.
 *
 * @param size bytes of the file, holes included
 * @param numbers offset and length of each stretch that is stored, in turn
 */
record SparseMap(long size, List<Long> numbers) {
    /** More stretches than this are refused. */
    static final int MOST_NUMBERS = 1 << 19;

    private static final int LONGEST_LINE = 20;
    private static final int TABLE_AT = 386;
    private static final int TABLE_ENTRIES = 4;
    private static final int EXTENSION_ENTRIES = 21;
    private static final int FIELD = 12;
    private static final int MORE_AT = 482;
    private static final int SIZE_AT = 483;
    private static final int EXTENSION_MORE_AT = 504;

    /** Bytes of a member that are one after the other: stored, or a hole. */
    record Stretch(long bytes, boolean hole) {
    }

    /** What gives bytes of the archive. */
    @FunctionalInterface
    interface Source {
        byte[] read(int bytes) throws IOException;
    }

    /** The tables of a member of type {@code S}: one in its header, others in blocks of their own behind it. */
    static SparseMap ofTables(TarHeader header, Source archive) throws IOException {
        List<Long> numbers = new ArrayList<>();
        addTable(header, TABLE_AT, TABLE_ENTRIES, numbers);
        boolean more = header.hasByte(MORE_AT);
        while (more) {
            TarHeader block = new TarHeader(archive.read(TarHeader.BLOCK), header.offset());
            addTable(block, 0, EXTENSION_ENTRIES, numbers);
            more = block.hasByte(EXTENSION_MORE_AT);
            requireFew(numbers.size(), header.offset());
        }
        return new SparseMap(header.number(SIZE_AT, FIELD), numbers);
    }

    private static void addTable(TarHeader block, int from, int entries, List<Long> numbers)
            throws MalformedTarException {
        for (int at = from; at < from + entries * 2 * FIELD && block.hasByte(at + FIELD); at += 2 * FIELD) {
            numbers.add(block.number(at, FIELD));
            numbers.add(block.number(at + FIELD, FIELD));
        }
    }

    /** The lines in front of the content, which are filled up to whole blocks. */
    static SparseMap ofLines(long size, long at, Source content) throws IOException {
        int[] read = {0};
        Source counted = bytes -> {
            read[0] += bytes;
            return content.read(bytes);
        };
        long count = line(counted, at);
        requireFew(count * 2, at);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count * 2; i++) {
            numbers.add(line(counted, at));
        }
        content.read(-read[0] & TarHeader.BLOCK - 1);
        return new SparseMap(size, numbers);
    }

    private static long line(Source content, long at) throws IOException {
        StringBuilder digits = new StringBuilder();
        for (String next = character(content); !next.equals("\n"); next = character(content)) {
            digits.append(next);
            if (digits.length() == LONGEST_LINE) {
                throw damaged(at);
            }
        }
        return number(digits.toString(), at);
    }

    private static String character(Source content) throws IOException {
        return new String(content.read(1), StandardCharsets.ISO_8859_1);
    }

    /** A number as pax headers and the lines have it. */
    static long number(String digits, long at) throws MalformedTarException {
        if (!digits.matches("\\d{1,18}")) {
            throw damaged(at);
        }
        return Long.parseLong(digits);
    }

    static void requireFew(long numbers, long at) throws MalformedTarException {
        if (numbers > MOST_NUMBERS) {
            throw new MalformedTarException("the sparse member at offset " + at + " has more than " + MOST_NUMBERS / 2
                    + " parts");
        }
    }

    /**
     * The whole file from its first byte to its last.
     *
     * @param stored bytes of content that follow in the archive
     * @param at offset of the header, for messages
     * @throws MalformedTarException when stretches overlap, or are not within the file or what is stored
     */
    Deque<Stretch> stretches(long stored, long at) throws MalformedTarException {
        if (size < 0 || size > Long.MAX_VALUE / 2) {
            throw damaged(at);
        }
        Deque<Stretch> stretches = new ArrayDeque<>();
        long end = 0;
        long left = stored;
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            long start = numbers.get(i);
            long bytes = numbers.get(i + 1);
            if (start < end || bytes < 0 || bytes > left || start > size - bytes) {
                throw damaged(at);
            }
            add(stretches, start - end, true);
            add(stretches, bytes, false);
            end = start + bytes;
            left -= bytes;
        }
        add(stretches, size - end, true);
        return stretches;
    }

    private static void add(Deque<Stretch> stretches, long bytes, boolean hole) {
        if (bytes > 0) {
            stretches.add(new Stretch(bytes, hole));
        }
    }

    private static MalformedTarException damaged(long at) {
        return new MalformedTarException("the list of parts of the sparse member at offset " + at + " is damaged");
    }
}
