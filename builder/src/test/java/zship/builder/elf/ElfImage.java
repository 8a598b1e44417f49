package zship.builder.elf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes small ELF files for tests: headers only, in either class and byte order, as a linker would lay them out. */
record ElfImage(ElfPlatform platform, String interpreter, List<Tag> tags) {

    static final ElfPlatform X86_64 = new ElfPlatform(true, true, 62);
    static final ElfPlatform AARCH64 = new ElfPlatform(true, true, 183);
    static final ElfPlatform I386 = new ElfPlatform(false, true, 3);
    static final ElfPlatform POWERPC = new ElfPlatform(false, false, 20);

    private static final long BASE = 0x400000;

    /** A text entry of the dynamic section. */
    record Tag(int number, String text) {
    }

    static ElfImage of(ElfPlatform platform) {
        return new ElfImage(platform, "", List.of());
    }

    ElfImage interpreter(String path) {
        return new ElfImage(platform, path, tags);
    }

    ElfImage soname(String name) {
        return with(14, name);
    }

    ElfImage needs(String... names) {
        ElfImage image = this;
        for (String name : names) {
            image = image.with(1, name);
        }
        return image;
    }

    ElfImage rpath(String path) {
        return with(15, path);
    }

    ElfImage runpath(String path) {
        return with(29, path);
    }

    private ElfImage with(int number, String text) {
        List<Tag> more = new ArrayList<>(tags);
        more.add(new Tag(number, text));
        return new ElfImage(platform, interpreter, more);
    }

    Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes());
    }

    byte[] bytes() {
        boolean wide = platform.wide();
        int header = wide ? 64 : 52;
        int entry = wide ? 56 : 32;
        int dynamicAt = header + 3 * entry;
        int dynamicSize = (tags.size() + 2) * (wide ? 16 : 8);
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        strings.write(0);
        List<Integer> offsets = tags.stream().map(tag -> append(strings, tag.text())).toList();
        int stringsAt = dynamicAt + dynamicSize;
        int interpreterAt = stringsAt + append(strings, interpreter);
        int size = stringsAt + strings.size();
        ByteBuffer out = ByteBuffer.allocate(size)
                .order(platform.littleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        putHeader(out, header, entry);
        putSegment(out, 1, 0, size);
        putSegment(out, 2, dynamicAt, dynamicSize);
        putSegment(out, interpreter.isEmpty() ? 4 : 3, interpreterAt, interpreter.length() + 1);
        putDynamic(out, 5, BASE + stringsAt);
        for (int i = 0; i < tags.size(); i++) {
            putDynamic(out, tags.get(i).number(), offsets.get(i));
        }
        putDynamic(out, 0, 0);
        return out.put(strings.toByteArray()).array();
    }

    private static int append(ByteArrayOutputStream strings, String text) {
        int at = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        return at;
    }

    private void putHeader(ByteBuffer out, int header, int entry) {
        out.put(new byte[]{0x7f, 'E', 'L', 'F', (byte) (platform.wide() ? 2 : 1),
            (byte) (platform.littleEndian() ? 1 : 2), 1}).position(16);
        out.putShort((short) 3).putShort((short) platform.machine()).putInt(1);
        putWord(out, BASE);
        putWord(out, header);
        putWord(out, 0);
        out.putInt(0).putShort((short) header).putShort((short) entry).putShort((short) 3);
        out.position(header);
    }

    private void putSegment(ByteBuffer out, int type, long offset, long size) {
        out.putInt(type);
        if (platform.wide()) {
            out.putInt(4).putLong(offset).putLong(BASE + offset).putLong(BASE + offset).putLong(size).putLong(size)
                    .putLong(8);
        } else {
            out.putInt((int) offset).putInt((int) (BASE + offset)).putInt((int) (BASE + offset)).putInt((int) size)
                    .putInt((int) size).putInt(4).putInt(8);
        }
    }

    private void putDynamic(ByteBuffer out, long tag, long value) {
        putWord(out, tag);
        putWord(out, value);
    }

    private void putWord(ByteBuffer out, long value) {
        if (platform.wide()) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }
}
