package zship.builder.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import zship.builder.root.Owner;
import zship.builder.root.RootEntry;

/** Writes entries in the ustar format of POSIX.1-1988: 512-byte headers and no extensions. */
final class UstarWriter {

    private static final int BLOCK = 512;
    /** GNU tar pads to 20 blocks; readers expect it of an archive on a tape or a pipe. */
    private static final int RECORD = 20 * BLOCK;
    private static final int NAME_LENGTH = 100;
    private static final int PREFIX_LENGTH = 155;
    static final long MAX_SIZE = 077777777777L;
    private static final int MAX_ID = 07777777;

    private final OutputStream out;
    private final long time;
    private long written;

    UstarWriter(OutputStream out, long time) {
        if (time < 0 || time > MAX_SIZE) {
            throw new IllegalArgumentException("time must be 0 to %d: %d".formatted(MAX_SIZE, time));
        }
        this.out = out;
        this.time = time;
    }

    void write(RootEntry entry) throws IOException {
        switch (entry) {
            case RootEntry.Directory directory -> writeHeader(entry, directory.path() + "/", '5', 0, "");
            case RootEntry.Link link -> writeHeader(entry, link.path(), '2', 0, link.target());
            case RootEntry.File file -> {
                writeHeader(entry, file.path(), '0', file.size(), "");
                try (InputStream in = Files.newInputStream(file.content())) {
                    writeContent(file.content().toString(), file.size(), in);
                }
            }
        }
    }

    /** Writes a file of root's that everybody may read, whose content is not in a file of its own. */
    void write(String path, long size, InputStream content) throws IOException {
        writeHeader(new RootEntry.File(path, Owner.ROOT, 0644, Path.of(path), size), path, '0', size, "");
        writeContent(path, size, content);
    }

    void finish() throws IOException {
        writeBlocks(new byte[2 * BLOCK]);
        int rest = (int) (written % RECORD);
        writeBlocks(new byte[rest == 0 ? 0 : RECORD - rest]);
        out.flush();
    }

    private void writeContent(String name, long size, InputStream in) throws IOException {
        long copied = in.transferTo(out);
        if (copied != size) {
            throw new IOException("%s changed while it was archived".formatted(name));
        }
        written += copied;
        int rest = (int) (copied % BLOCK);
        writeBlocks(new byte[rest == 0 ? 0 : BLOCK - rest]);
    }

    private void writeHeader(RootEntry entry, String name, char type, long size, String target) throws IOException {
        byte[] header = new byte[BLOCK];
        writeName(header, name);
        number(header, 100, 8, entry.mode(), 07777, name);
        number(header, 108, 8, entry.owner().uid(), MAX_ID, name);
        number(header, 116, 8, entry.owner().gid(), MAX_ID, name);
        number(header, 124, 12, size, MAX_SIZE, name);
        number(header, 136, 12, time, MAX_SIZE, name);
        header[156] = (byte) type;
        text(header, 157, NAME_LENGTH, target.getBytes(StandardCharsets.UTF_8), name);
        text(header, 257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII), name);
        number(header, 329, 8, 0, 0, name);
        number(header, 337, 8, 0, 0, name);
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        text(header, 148, 8, "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII), name);
        writeBlocks(header);
    }

    private static void writeName(byte[] header, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= NAME_LENGTH) {
            text(header, 0, NAME_LENGTH, bytes, name);
            return;
        }
        for (int slash = Math.min(PREFIX_LENGTH, bytes.length - 2); slash > 0; slash--) {
            if (bytes[slash] == '/' && bytes.length - slash - 1 <= NAME_LENGTH) {
                text(header, 0, NAME_LENGTH, Arrays.copyOfRange(bytes, slash + 1, bytes.length), name);
                text(header, 345, PREFIX_LENGTH, Arrays.copyOf(bytes, slash), name);
                return;
            }
        }
        throw new IOException("the name %s is too long for a tar header".formatted(name));
    }

    private static void text(byte[] header, int at, int length, byte[] text, String name) throws IOException {
        if (text.length > length) {
            throw new IOException("an entry of %s has more than %d bytes".formatted(name, length));
        }
        System.arraycopy(text, 0, header, at, text.length);
    }

    private static void number(byte[] header, int at, int length, long value, long max, String name)
            throws IOException {
        if (value < 0 || value > max) {
            throw new IOException("%s has the number %d, which does not fit a tar header".formatted(name, value));
        }
        String octal = Long.toOctalString(value);
        Arrays.fill(header, at, at + length - 1, (byte) '0');
        byte[] digits = octal.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, at + length - 1 - digits.length, digits.length);
    }

    private void writeBlocks(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }
}
