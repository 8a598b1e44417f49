package zship.localnode.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import zship.flist.disk.ChangingTree;

/**
 * The values of one namespace: a file per key, named by the key in hexadecimal, in 256 folders by the key's first byte. A
 * value is there whole or not at all.
 */
final class Namespace {

    /** Longest key in bytes: file names hold 255 bytes, so longer keys are split into folders. */
    static final int LONGEST_KEY = 255;
    private static final int NAME_BYTES = 100;
    private static final String TEMPORARY = ".new-";
    private static final int SCANNED = 500;

    /** What became of a value that was to be written. */
    enum Written {
        /** It is written. */
        NEW,
        /** Exactly this value was already there. */
        SAME,
        /** The limit of the namespace is reached. */
        FULL
    }

    /**
     * A value as {@code SCAN} tells about it.
     *
     * @param key its key
     * @param bytes its length
     * @param seconds when it was written, seconds since 1970
     */
    record Found(byte[] key, long bytes, long seconds) {
    }

    private final Path directory;
    private final AtomicLong serial = new AtomicLong();
    private volatile NamespaceSettings settings;
    private final AtomicBoolean removed = new AtomicBoolean();
    private final Object ledger = new Object();
    /** Counted when it is asked for first, then kept up to date; guarded by {@link #ledger}. */
    private final AtomicReference<@Nullable Size> counted = new AtomicReference<>();

    private Namespace(Path directory, NamespaceSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    static Namespace open(Path directory) throws IOException {
        return new Namespace(directory, NamespaceSettings.read(directory));
    }

    NamespaceSettings settings() {
        return settings;
    }

    /** Keeps the settings for the next start too. */
    void change(NamespaceSettings others) throws IOException {
        others.write(directory);
        settings = others;
    }

    /** Settings that hold until the process ends. */
    void override(NamespaceSettings others) {
        settings = others;
    }

    boolean isRemoved() {
        return removed.get();
    }

    void markRemoved() {
        removed.set(true);
    }

    long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    Optional<byte[]> get(byte[] key) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(key)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** Who asks means to rely on the value, so that is noted where chunks are collected. */
    boolean exists(byte[] key) {
        Path file = file(key);
        boolean there = Files.isRegularFile(file);
        if (there) {
            ChunkFiles.want(file);
        }
        return there;
    }

    /** The values whose keys are those of chunks. */
    StoredChunks chunks() {
        return new ChunkFiles(directory, "k", id -> delete(id.bytes()));
    }

    OptionalLong length(byte[] key) throws IOException {
        try {
            return OptionalLong.of(Files.size(file(key)));
        } catch (NoSuchFileException missing) {
            return OptionalLong.empty();
        }
    }

    /** When the value was written, seconds since 1970. */
    OptionalLong writtenAt(byte[] key) throws IOException {
        try {
            return OptionalLong.of(Files.getLastModifiedTime(file(key)).to(TimeUnit.SECONDS));
        } catch (NoSuchFileException missing) {
            return OptionalLong.empty();
        }
    }

    /**
     * Writes a value and waits until the disk has its bytes. The folder that names it is left to the system, as a second wait for
     * every chunk would cost as much again: a value survives the end of this process, but the values of the last seconds may be
     * missing, never damaged, after a power cut.
     *
     * @param time when it was written, seconds since 1970; empty for now
     */
    Written set(byte[] key, byte[] value, OptionalLong time) throws IOException {
        Path target = file(key);
        if (sameContent(target, value)) {
            ChunkFiles.want(target);
            return Written.SAME;
        }
        Files.createDirectories(target.getParent());
        Path temporary = target.resolveSibling(
                TEMPORARY + ProcessHandle.current().pid() + "-" + serial.incrementAndGet());
        try {
            write(temporary, value);
            if (time.isPresent()) {
                Files.setLastModifiedTime(temporary, FileTime.from(time.getAsLong(), TimeUnit.SECONDS));
            }
            return replace(key, target, temporary, value.length) ? Written.NEW : Written.FULL;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void write(Path file, byte[] value) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(value);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(false);
        }
    }

    /** A value may always be replaced by a shorter one. */
    private boolean replace(byte[] key, Path target, Path temporary, int length) throws IOException {
        synchronized (ledger) {
            long limit = settings.maxBytes();
            boolean counting = limit > 0 || counted.get() != null;
            OptionalLong old = counting ? length(key) : OptionalLong.empty();
            if (limit > 0 && size().bytes() + length > limit + old.orElse(0)) {
                return false;
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            count(old.isPresent() ? 0 : 1, length - old.orElse(0));
            return true;
        }
    }

    private void count(int entries, long bytes) {
        Size before = counted.get();
        if (before != null) {
            counted.set(new Size(before.entries + entries, before.bytes + bytes));
        }
    }

    private static boolean sameContent(Path file, byte[] value) throws IOException {
        try {
            return Files.size(file) == value.length && Arrays.equals(Files.readAllBytes(file), value);
        } catch (NoSuchFileException missing) {
            return false;
        }
    }

    boolean delete(byte[] key) throws IOException {
        synchronized (ledger) {
            OptionalLong old = length(key);
            boolean deleted = Files.deleteIfExists(file(key));
            if (deleted) {
                count(-1, -old.orElse(0));
            }
            return deleted;
        }
    }

    /** Number of values and their bytes. */
    Size size() throws IOException {
        synchronized (ledger) {
            Size known = counted.get();
            if (known == null) {
                known = walk();
                counted.set(known);
            }
            return known;
        }
    }

    private Size walk() throws IOException {
        AtomicLong entries = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        forEachFile(directory, (file, attributes) -> {
            if (isValue(file)) {
                entries.incrementAndGet();
                bytes.addAndGet(attributes.size());
            }
        });
        return new Size(entries.get(), bytes.get());
    }

    /** Up to some hundreds of values in the order of their keys. Values that come or go meanwhile are told of or not. */
    List<Found> scan(Optional<byte[]> after) throws IOException {
        String last = after.map(HexFormat.of()::formatHex).orElse("");
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, "[0-9a-f][0-9a-f]")) {
            children.forEach(folders::add);
        }
        folders.sort(null);
        List<Found> found = new ArrayList<>();
        for (Path folder : folders) {
            boolean past = folder.getFileName().toString().compareTo(last.isEmpty() ? "" : last.substring(0, 2)) < 0;
            if (!past && found.size() < SCANNED) {
                scan(folder, last, found);
            }
        }
        return found;
    }

    private void scan(Path folder, String last, List<Found> found) throws IOException {
        SortedMap<String, Path> files = new TreeMap<>();
        forEachFile(folder, (file, attributes) -> {
            if (isValue(file)) {
                files.put(keyOf(folder, file), file);
            }
        });
        for (Map.Entry<String, Path> file : files.tailMap(last + "\0").entrySet()) {
            byte[] key = HexFormat.of().parseHex(file.getKey());
            OptionalLong bytes = length(key);
            OptionalLong seconds = writtenAt(key);
            if (found.size() < SCANNED && bytes.isPresent() && seconds.isPresent()) {
                found.add(new Found(key, bytes.getAsLong(), seconds.getAsLong()));
            }
        }
    }

    private static String keyOf(Path folder, Path file) {
        StringBuilder hex = new StringBuilder();
        folder.relativize(file).forEach(step -> hex.append(step.toString(), 1, step.toString().length()));
        return hex.toString();
    }

    /** Removes what an interrupted write left behind. */
    void removeLeftovers() throws IOException {
        forEachFile(directory, (file, attributes) -> {
            if (file.getFileName().toString().startsWith(TEMPORARY)) {
                Files.deleteIfExists(file);
            }
        });
    }

    /** Tells of files while others are written and renamed beside them. */
    private static void forEachFile(Path folder, ChangingTree.Visitor visitor) throws IOException {
        ChangingTree.visit(folder, Integer.MAX_VALUE, (file, attributes) -> {
            if (attributes.isRegularFile()) {
                visitor.visit(file, attributes);
            }
        });
    }

    private static boolean isValue(Path file) {
        return !file.getFileName().toString().startsWith(".");
    }

    private Path file(byte[] key) {
        String hex = HexFormat.of().formatHex(key);
        Path folder = directory.resolve(hex.isEmpty() ? "empty" : hex.substring(0, 2));
        int step = 2 * NAME_BYTES;
        for (int from = 0; from + step < hex.length(); from += step) {
            folder = folder.resolve("_" + hex.substring(from, from + step));
        }
        int last = hex.isEmpty() ? 0 : (hex.length() - 1) / step * step;
        return folder.resolve("k" + hex.substring(last));
    }

    /**
     * What a namespace holds.
     *
     * @param entries number of values
     * @param bytes   bytes of all values
     */
    record Size(long entries, long bytes) {
    }
}
