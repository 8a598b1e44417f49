package zship.flist.tar;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import zship.flist.tar.SparseMap.Stretch;
import zship.flist.tar.TarMember.Type;

/**
 * Reads a tar archive as a stream: ustar, GNU (long names, base-256 numbers) and pax. Archives may end without zero blocks, as
 * those of libtar do. Sparse members are read with their holes.
 */
public final class TarReader implements Closeable {
    /** The most bytes of an extended header or a long name. */
    private static final int MAX_EXTENSION = 1 << 20;
    private static final long MAX_BEHIND = 1L << 30;

    private final InputStream in;
    private final PaxRecords global = new PaxRecords();
    private long offset;
    private long left;
    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private final AtomicBoolean extended = new AtomicBoolean();
    private int padding;
    private boolean ended;

    /** Reads an uncompressed archive; closing the reader closes {@code in}. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next member, skipping what is left of the one before; empty at the end.
     *
     * @throws MalformedTarException when the archive is damaged
     */
    public Optional<TarMember> next() throws IOException {
        PaxRecords local = new PaxRecords();
        byte @Nullable [] longName = null;
        byte @Nullable [] longLink = null;
        while (true) {
            Optional<TarHeader> read = nextHeader();
            if (read.isEmpty()) {
                return Optional.empty();
            }
            TarHeader header = read.get();
            begin(header.size(), header.offset());
            switch (header.typeFlag()) {
                case 'x' -> extend(local, header);
                case 'g' -> extend(global, header);
                case 'L' -> longName = untilNul(extension(header));
                case 'K' -> longLink = untilNul(extension(header));
                case 'V' -> skip();
                default -> {
                    PaxRecords records = new PaxRecords();
                    records.addAll(global);
                    records.addAll(local);
                    return Optional.of(member(header, records, longName, longLink));
                }
            }
        }
    }

    private void extend(PaxRecords records, TarHeader header) throws IOException {
        records.add(extension(header), header.offset());
        extended.set(true);
    }

    /** Whether any header up to here was one of pax. */
    public boolean hasPaxHeaders() {
        return extended.get();
    }

    /**
     * Reads content of the current member.
     *
     * @return the number of bytes read, less than {@code length} only at the end of the member; 0 at its end
     * @throws MalformedTarException when the archive ends inside the member
     */
    public int read(byte[] buffer, int start, int length) throws IOException {
        int done = 0;
        while (done < length && !stretches.isEmpty()) {
            Stretch next = stretches.remove();
            int some = (int) Math.min(length - done, next.bytes());
            if (next.hole()) {
                Arrays.fill(buffer, start + done, start + done + some, (byte) 0);
            } else {
                readStored(buffer, start + done, some);
            }
            done += some;
            if (some < next.bytes()) {
                stretches.addFirst(new Stretch(next.bytes() - some, next.hole()));
            }
        }
        return done;
    }

    /** How many of the bytes that come next are those of a hole. */
    public long hole() {
        Stretch next = stretches.peek();
        return next != null && next.hole() ? next.bytes() : 0;
    }

    /**
     * Goes on behind so many bytes of a hole.
     *
     * @param bytes at most those of {@link #hole}
     */
    public void skipHole(long bytes) {
        Stretch hole = stretches.remove();
        if (bytes < hole.bytes()) {
            stretches.addFirst(new Stretch(hole.bytes() - bytes, true));
        }
    }

    private void readStored(byte[] buffer, int start, int length) throws IOException {
        int got = in.readNBytes(buffer, start, (int) Math.min(length, left));
        offset += got;
        left -= got;
        if (got < length) {
            throw new MalformedTarException(
                    "the archive ends at offset " + offset + ", " + left + " bytes before the end of a member");
        }
    }

    private byte[] readStored(int bytes) throws IOException {
        byte[] read = new byte[bytes];
        readStored(read, 0, bytes);
        return read;
    }

    /** All remaining content of the current member, which must not exceed {@code limit} bytes. */
    public byte[] readAll(int limit) throws IOException {
        long size = stretches.stream().mapToLong(Stretch::bytes).sum();
        if (size > limit) {
            throw new MalformedTarException("the member before offset " + offset + " has " + size
                    + " bytes of content, at most " + limit + " can be");
        }
        return content().readAllBytes();
    }

    /**
     * Reads what follows the archive, padding in most cases, to the end of the stream: a compressed stream proves its checksum
     * only there.
     *
     * @throws IOException when the stream is damaged, or goes on for more than a gibibyte
     */
    public void finish() throws IOException {
        byte[] buffer = new byte[1 << 16];
        long behind = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            behind += read;
            if (behind > MAX_BEHIND) {
                throw new MalformedTarException("more than " + MAX_BEHIND + " bytes follow the archive");
            }
        }
    }

    /** The remaining content of the current member as a stream, for example an archive inside the archive. */
    public InputStream content() {
        return new MemberStream(this);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void begin(long size, long at) throws MalformedTarException {
        if (size < 0 || size > Long.MAX_VALUE / 2) {
            throw new MalformedTarException("the header at offset " + at + " has the size " + size);
        }
        left = size;
        padding = (int) (-size & TarHeader.BLOCK - 1);
        arrange(new SparseMap(size, List.of(0L, size)), at);
    }

    private void arrange(SparseMap map, long at) throws MalformedTarException {
        stretches.clear();
        stretches.addAll(map.stretches(left, at));
    }

    /** The next bytes of the archive, which belong to no content. */
    private byte[] block(int bytes) throws IOException {
        byte[] block = in.readNBytes(bytes);
        offset += block.length;
        if (block.length < bytes) {
            throw new MalformedTarException("the archive ends at offset " + offset + ", inside a header");
        }
        return block;
    }

    private Optional<TarHeader> nextHeader() throws IOException {
        skip();
        if (ended) {
            return Optional.empty();
        }
        long at = offset;
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        offset += block.length;
        if (block.length == 0) {
            ended = true;
            return Optional.empty();
        }
        if (block.length < TarHeader.BLOCK) {
            throw new MalformedTarException("the archive ends inside the header at offset " + at);
        }
        TarHeader header = new TarHeader(block, at);
        if (header.isZero()) {
            ended = true;
            return Optional.empty();
        }
        header.verifyChecksum();
        return Optional.of(header);
    }

    private void skip() throws IOException {
        while (left > 0) {
            long skipped = in.skip(left);
            if (skipped <= 0) {
                if (in.read() < 0) {
                    throw new MalformedTarException(
                            "the archive ends at offset " + offset + ", " + left + " bytes before the end of a member");
                }
                skipped = 1;
            }
            offset += skipped;
            left -= skipped;
        }
        offset += in.readNBytes(padding).length;
        padding = 0;
    }

    private byte[] extension(TarHeader header) throws IOException {
        if (left > MAX_EXTENSION) {
            throw new MalformedTarException("the extended header at offset " + header.offset() + " has " + left
                    + " bytes, at most " + MAX_EXTENSION + " can be");
        }
        return readAll(MAX_EXTENSION);
    }

    private TarMember member(TarHeader header, PaxRecords pax, byte @Nullable [] longName, byte @Nullable [] longLink)
            throws IOException {
        long at = header.offset();
        byte[] name = pax.bytes("GNU.sparse.name").or(() -> pax.bytes("path"))
                .orElse(longName != null ? longName : header.name());
        byte[] target = pax.bytes("linkpath").orElse(longLink != null ? longLink : header.linkTarget());
        Type type = type(header, name);
        // Whatever size others than files have is not followed by contents, as GNU tar and Go read it.
        long stored = type == Type.FILE ? pax.number("size", at).orElse(left) : 0;
        Optional<SparseMap> sparse = type == Type.FILE ? sparse(header, pax, stored) : Optional.empty();
        if (sparse.isEmpty()) {
            begin(stored, at);
        } else {
            arrange(sparse.get(), at);
        }
        long size = sparse.map(SparseMap::size).orElse(stored);
        return new TarMember(withoutTrailingSlashes(name), type, size, header.mode(),
                pax.number("uid", at).orElse(header.uid()), pax.number("gid", at).orElse(header.gid()),
                pax.text("uname").orElse(header.user()), pax.text("gname").orElse(header.group()),
                pax.number("mtime", at).orElse(header.modified()), target, header.major(), header.minor());
    }

    private Optional<SparseMap> sparse(TarHeader header, PaxRecords pax, long stored) throws IOException {
        long at = header.offset();
        if (header.typeFlag() == 'S') {
            SparseMap map = SparseMap.ofTables(header, this::block);
            begin(stored, at);
            return Optional.of(map);
        }
        if (!pax.hasSparse()) {
            return Optional.empty();
        }
        begin(stored, at);
        long size = pax.sparseSize(at);
        return Optional.of(pax.hasSparseLines(at)
                ? SparseMap.ofLines(size, at, this::readStored)
                : new SparseMap(size, pax.sparseNumbers(at)));
    }

    private static Type type(TarHeader header, byte[] name) throws MalformedTarException {
        return switch (header.typeFlag()) {
            case 'S' -> Type.FILE;
            case '0', '\0', '7' -> name.length > 0 && name[name.length - 1] == '/' ? Type.DIRECTORY : Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMBOLIC_LINK;
            case '3' -> Type.CHARACTER_DEVICE;
            case '4' -> Type.BLOCK_DEVICE;
            case '5' -> Type.DIRECTORY;
            case '6' -> Type.FIFO;
            default -> throw new MalformedTarException(
                    "the header at offset " + header.offset() + " has the unknown type '" + header.typeFlag() + "'");
        };
    }

    private static byte[] untilNul(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return Arrays.copyOf(text, end);
    }

    private static byte[] withoutTrailingSlashes(byte[] name) {
        int end = name.length;
        while (end > 0 && name[end - 1] == '/') {
            end--;
        }
        return Arrays.copyOf(name, end);
    }
}
