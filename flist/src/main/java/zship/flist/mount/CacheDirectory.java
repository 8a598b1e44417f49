package zship.flist.mount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;

/**
 * The files of a chunk cache: {@code BOOT/ID-KEY}, where BOOT names the start of the machine in which they were written.
 *
 * @param path the folder of this start of the machine
 * @param parent the folder of all
 * @param serial tells temporary files apart
 */
record CacheDirectory(Path path, Path parent, AtomicLong serial) {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    private static final int HEX = 32;
    private static final String TEMPORARY = ".part-";

    /** A chunk that is there; {@code trusted} when it cannot have suffered from a crash of the machine. */
    record Found(Block block, Path file, long size, long used, boolean trusted) {
    }

    static CacheDirectory open(Path directory) throws IOException {
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Path current = directory.toAbsolutePath().resolve(boot);
        Files.createDirectories(current, PosixFilePermissions.asFileAttribute(PRIVATE));
        return new CacheDirectory(current, directory.toAbsolutePath(), new AtomicLong());
    }

    /** All chunks: first those of earlier starts, then in the order of their use. */
    List<Found> list() throws IOException {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> boots = Files.newDirectoryStream(parent,
                entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            for (Path boot : boots) {
                list(boot, found);
            }
        }
        found.sort(Comparator.comparing(Found::trusted).thenComparing(Found::used));
        return found;
    }

    private void list(Path boot, List<Found> found) throws IOException {
        boolean empty = true;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(boot)) {
            for (Path file : files) {
                empty = false;
                look(file, boot.equals(path)).ifPresent(found::add);
            }
        }
        if (empty && !boot.equals(path)) {
            Files.deleteIfExists(boot);
        }
    }

    private Optional<Found> look(Path file, boolean trusted) throws IOException {
        String name = file.getFileName().toString();
        if (name.startsWith(TEMPORARY)) {
            discardOld(file, name);
            return Optional.empty();
        }
        if (!name.matches("[0-9a-f]{" + HEX + "}-[0-9a-f]{" + HEX + "}")) {
            return Optional.empty();
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() || attributes.size() == 0) {
            return Optional.empty();
        }
        Block block = new Block(ChunkId.of(name.substring(0, HEX)), ChunkKey.of(name.substring(HEX + 1)));
        return Optional
                .of(new Found(block, file, attributes.size(), attributes.lastModifiedTime().toMillis(), trusted));
    }

    /** A file that was being written when its process ended. */
    private void discardOld(Path file, String name) {
        String pid = name.substring(TEMPORARY.length()).replaceFirst("-.*", "");
        boolean alive = pid.matches("\\d{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isPresent();
        if (!alive) {
            delete(file);
        }
    }

    /** Writes a chunk; afterwards it is under its name, complete. */
    Path write(Block block, byte[] plain) throws IOException {
        Path temporary = path.resolve(TEMPORARY + ProcessHandle.current().pid() + "-" + serial.incrementAndGet());
        try (FileChannel channel = FileChannel.open(temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PRIVATE_FILE))) {
            ByteBuffer buffer = ByteBuffer.wrap(plain);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            delete(temporary);
            throw e;
        }
        return Files.move(temporary, path.resolve(block.id() + "-" + block.key()), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(CacheDirectory.class.getName()).log(System.Logger.Level.WARNING, "{0} stays: {1}", file,
                    e.getMessage());
        }
    }
}
