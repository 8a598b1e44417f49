package zship.builder.elf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the headers of one ELF file; every count, size and offset is checked against the file and a bound. */
final class ElfReader {

    private static final int MAGIC = 0x7f454c46;
    private static final int HEADER_BYTES = 64;
    private static final int MAX_PROGRAM_HEADERS = 512;
    private static final int MAX_DYNAMIC_BYTES = 1 << 20;
    private static final int MAX_TEXT = 4096;
    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int PT_INTERP = 3;
    private static final int DT_NULL = 0;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_SONAME = 14;
    private static final int DT_RPATH = 15;
    private static final int DT_RUNPATH = 29;
    private static final int DT_VERDEF = 0x6ffffffc;
    private static final int DT_VERNEED = 0x6ffffffe;
    private static final int MAX_VERSIONS = 4096;
    private static final int WEAK = 2;

    private final FileChannel channel;
    private final long size;

    /** A program header: its type and which part of the file appears at which address. */
    private record Segment(int type, long offset, long address, long fileSize) {
    }

    /** An entry of the dynamic section. */
    private record Dynamic(long tag, long value) {
    }

    ElfReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    static boolean hasMagic(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(4);
        while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {
            continue;
        }
        return !start.hasRemaining() && start.getInt(0) == MAGIC;
    }

    ElfFile read() throws IOException {
        if (!hasMagic(channel)) {
            throw new ElfFormatException("no ELF signature", 0);
        }
        ElfPlatform platform = readPlatform();
        List<Segment> segments = readSegments(platform);
        List<Dynamic> dynamics = readDynamics(platform, segments);
        Optional<String> interpreter = Optional.empty();
        for (Segment segment : segments) {
            if (segment.type() == PT_INTERP) {
                interpreter = Optional.of(readText(segment.offset()));
            }
        }
        List<String> sonames = texts(dynamics, DT_SONAME, segments);
        return new ElfFile(platform, interpreter, sonames.stream().findFirst(), texts(dynamics, DT_NEEDED, segments),
                searchPath(dynamics, DT_RPATH, segments), searchPath(dynamics, DT_RUNPATH, segments));
    }

    /** Reads the versions of symbols; the two tables have the same layout in files of either class. */
    ElfVersions readVersions() throws IOException {
        ElfPlatform platform = readPlatform();
        List<Segment> segments = readSegments(platform);
        List<Dynamic> dynamics = readDynamics(platform, segments);
        Map<String, Set<String>> required = new LinkedHashMap<>();
        Set<String> defined = new LinkedHashSet<>();
        for (Dynamic dynamic : dynamics) {
            if (dynamic.tag() == DT_VERNEED) {
                readRequired(fileOffset(dynamic.value(), segments), stringTable(dynamics, segments), order(platform),
                        required);
            } else if (dynamic.tag() == DT_VERDEF) {
                readDefined(fileOffset(dynamic.value(), segments), stringTable(dynamics, segments), order(platform),
                        defined);
            }
        }
        return new ElfVersions(required, defined);
    }

    private void readRequired(long table, long strings, ByteOrder order, Map<String, Set<String>> required)
            throws IOException {
        long at = table;
        for (int files = 0; files < MAX_VERSIONS; files++) {
            ByteBuffer need = bytes(at, 16, order);
            Set<String> versions = required.computeIfAbsent(readText(strings + unsigned(need.getInt(4))),
                    it -> new LinkedHashSet<>());
            long nameAt = at + unsigned(need.getInt(8));
            for (int i = 0; i < (need.getShort(2) & 0xffff); i++) {
                ByteBuffer name = bytes(nameAt, 16, order);
                if ((name.getShort(4) & WEAK) == 0) {
                    versions.add(readText(strings + unsigned(name.getInt(8))));
                }
                nameAt += unsigned(name.getInt(12));
            }
            if (need.getInt(12) == 0) {
                return;
            }
            at += unsigned(need.getInt(12));
        }
        throw new ElfFormatException("more than %d files with versions".formatted(MAX_VERSIONS), table);
    }

    private void readDefined(long table, long strings, ByteOrder order, Set<String> defined) throws IOException {
        long at = table;
        for (int versions = 0; versions < MAX_VERSIONS; versions++) {
            ByteBuffer definition = bytes(at, 20, order);
            // The first name of a definition is its own, those after it are of earlier versions.
            ByteBuffer name = bytes(at + unsigned(definition.getInt(12)), 8, order);
            defined.add(readText(strings + unsigned(name.getInt(0))));
            if (definition.getInt(16) == 0) {
                return;
            }
            at += unsigned(definition.getInt(16));
        }
        throw new ElfFormatException("more than %d versions".formatted(MAX_VERSIONS), table);
    }

    private ElfPlatform readPlatform() throws IOException {
        ByteBuffer ident = bytes(0, 20, ByteOrder.BIG_ENDIAN);
        int bits = ident.get(4);
        int order = ident.get(5);
        if (bits != 1 && bits != 2) {
            throw new ElfFormatException("unknown ELF class " + bits, 4);
        }
        if (order != 1 && order != 2) {
            throw new ElfFormatException("unknown byte order " + order, 5);
        }
        boolean little = order == 1;
        int machine = ident.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).getShort(18) & 0xffff;
        return new ElfPlatform(bits == 2, little, machine);
    }

    private List<Segment> readSegments(ElfPlatform platform) throws IOException {
        boolean wide = platform.wide();
        ByteBuffer header = bytes(0, wide ? HEADER_BYTES : 52, order(platform));
        long tableOffset = wide ? header.getLong(32) : unsigned(header.getInt(28));
        int entrySize = header.getShort(wide ? 54 : 42) & 0xffff;
        int count = header.getShort(wide ? 56 : 44) & 0xffff;
        int leastSize = wide ? 56 : 32;
        if (count > MAX_PROGRAM_HEADERS || count > 0 && entrySize < leastSize) {
            throw new ElfFormatException("%d program headers of %d bytes".formatted(count, entrySize), wide ? 54 : 42);
        }
        ByteBuffer table = bytes(tableOffset, count * entrySize, order(platform));
        List<Segment> segments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            segments.add(segment(table, i * entrySize, wide));
        }
        return segments;
    }

    private static Segment segment(ByteBuffer table, int at, boolean wide) {
        int type = table.getInt(at);
        if (wide) {
            return new Segment(type, table.getLong(at + 8), table.getLong(at + 16), table.getLong(at + 32));
        }
        return new Segment(type, unsigned(table.getInt(at + 4)), unsigned(table.getInt(at + 8)),
                unsigned(table.getInt(at + 16)));
    }

    private List<Dynamic> readDynamics(ElfPlatform platform, List<Segment> segments) throws IOException {
        List<Dynamic> dynamics = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.type() == PT_DYNAMIC) {
                if (segment.fileSize() < 0 || segment.fileSize() > MAX_DYNAMIC_BYTES) {
                    throw new ElfFormatException("dynamic section of %d bytes".formatted(segment.fileSize()),
                            segment.offset());
                }
                ByteBuffer table = bytes(segment.offset(), (int) segment.fileSize(), order(platform));
                addDynamics(table, platform.wide(), dynamics);
            }
        }
        return dynamics;
    }

    private static void addDynamics(ByteBuffer table, boolean wide, List<Dynamic> dynamics) {
        int entrySize = wide ? 16 : 8;
        while (table.remaining() >= entrySize) {
            long tag = wide ? table.getLong() : table.getInt();
            long value = wide ? table.getLong() : unsigned(table.getInt());
            if (tag == DT_NULL) {
                return;
            }
            dynamics.add(new Dynamic(tag, value));
        }
    }

    private List<String> texts(List<Dynamic> dynamics, int tag, List<Segment> segments) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Dynamic dynamic : dynamics) {
            if (dynamic.tag() == tag) {
                texts.add(readText(stringTable(dynamics, segments) + checked(dynamic.value())));
            }
        }
        return texts;
    }

    private List<String> searchPath(List<Dynamic> dynamics, int tag, List<Segment> segments) throws IOException {
        List<String> directories = new ArrayList<>();
        for (String text : texts(dynamics, tag, segments)) {
            for (String directory : text.split(":", -1)) {
                if (!directory.isEmpty()) {
                    directories.add(directory);
                }
            }
        }
        return directories;
    }

    private long stringTable(List<Dynamic> dynamics, List<Segment> segments) throws IOException {
        for (Dynamic dynamic : dynamics) {
            if (dynamic.tag() == DT_STRTAB) {
                return fileOffset(dynamic.value(), segments);
            }
        }
        throw new ElfFormatException("dynamic section without a string table", 0);
    }

    private static long fileOffset(long address, List<Segment> segments) throws ElfFormatException {
        for (Segment segment : segments) {
            long inside = address - segment.address();
            if (segment.type() == PT_LOAD && inside >= 0 && inside < segment.fileSize()) {
                return segment.offset() + inside;
            }
        }
        throw new ElfFormatException("string table at address 0x%x is in no loaded segment".formatted(address), 0);
    }

    private long checked(long offset) throws ElfFormatException {
        if (offset < 0 || offset > size) {
            throw new ElfFormatException("a text lies outside the file, which has %d bytes".formatted(size), offset);
        }
        return offset;
    }

    private String readText(long offset) throws IOException {
        int length = (int) Math.min(MAX_TEXT, size - checked(offset));
        ByteBuffer buffer = bytes(offset, length, ByteOrder.BIG_ENDIAN);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (buffer.hasRemaining()) {
            byte next = buffer.get();
            if (next == 0) {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.write(next);
        }
        throw new ElfFormatException("a text without an end", offset);
    }

    private ByteBuffer bytes(long offset, int length, ByteOrder order) throws IOException {
        if (offset < 0 || offset > size - length) {
            throw new ElfFormatException("%d bytes are missing".formatted(length), offset);
        }
        ByteBuffer buffer = ByteBuffer.allocate(length).order(order);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new ElfFormatException("the file ends early", offset + buffer.position());
            }
        }
        return buffer.flip();
    }

    private static ByteOrder order(ElfPlatform platform) {
        return platform.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }
}
