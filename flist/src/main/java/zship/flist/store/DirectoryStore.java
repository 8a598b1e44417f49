package zship.flist.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.disk.DiskFaults;

/**
 * A directory with one file per chunk, {@code aa/aabbcc...}: named by the id's 32 hex digits, below a folder of the first two.
 * Files appear under their name only when complete.
 */
public final class DirectoryStore implements ChunkStore {
    private static final String PART = ".part";
    private static final Duration FORGOTTEN = Duration.ofDays(1);
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final StoreUrl.Folder url;
    private final Set<Path> swept = ConcurrentHashMap.newKeySet();

    private DirectoryStore(StoreUrl.Folder url) {
        this.url = url;
    }

    /**
     * The store in this directory, which is created when it does not exist.
     *
     * @throws StoreException when it can be neither opened nor created
     */
    public static DirectoryStore open(StoreUrl.Folder url) {
        try {
            Files.createDirectories(url.path());
        } catch (IOException e) {
            throw failure("open the store " + url, e);
        }
        return new DirectoryStore(url);
    }

    /**
     * The store in this directory, for reading: nothing is created.
     *
     * @throws StoreException of kind USAGE when there is no such directory
     */
    static DirectoryStore existing(StoreUrl.Folder url) {
        if (!Files.isDirectory(url.path())) {
            throw new StoreException(StoreException.Kind.USAGE, "open the store " + url,
                    Files.exists(url.path())
                            ? url.path() + " is not a directory"
                            : "there is no directory " + url.path(),
                    "check the path; zship pack and zship store put create a store's directory");
        }
        return new DirectoryStore(url);
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        Path file = fileOf(id);
        try {
            long size = Files.size(file);
            if (size > ChunkCodec.MAX_STORED) {
                throw new IOException(size + " bytes are more than a chunk can have");
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read chunk " + id + " from " + url, e);
        }
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        putAll(Map.of(id, data));
    }

    /**
     * Writes all chunks before it waits for the disk, which then has them to order as it likes. Contents and names are on the
     * disk when this returns.
     */
    @Override
    public void putAll(Map<ChunkId, byte[]> chunks) {
        Map<ChunkId, Path> written = new LinkedHashMap<>();
        try {
            for (Map.Entry<ChunkId, byte[]> chunk : chunks.entrySet()) {
                ChunkId id = chunk.getKey();
                Path part = partOf(id);
                try (FileChannel channel = create(part)) {
                    written.put(id, part);
                    write(channel, chunk.getValue());
                }
            }
            for (Map.Entry<ChunkId, Path> part : written.entrySet()) {
                sync(part.getValue());
                Files.move(part.getValue(), fileOf(part.getKey()), StandardCopyOption.ATOMIC_MOVE);
            }
            syncFolders(written.values());
        } catch (IOException e) {
            StoreException failure = failure("write " + chunks.size() + " chunks to " + url, e);
            written.values().forEach(part -> discard(part, failure));
            throw failure;
        }
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        Set<ChunkId> missing = new LinkedHashSet<>();
        for (ChunkId id : ids) {
            if (!Files.isRegularFile(fileOf(id))) {
                missing.add(id);
            }
        }
        return missing;
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }

    /** Numbers of processes come again, in containers and after a restart, so that only chance makes a name nobody has. */
    private Path partOf(ChunkId id) {
        long chance = ThreadLocalRandom.current().nextLong() ^ System.nanoTime();
        return fileOf(id).resolveSibling("." + id + "." + HexFormat.of().toHexDigits(chance) + PART);
    }

    private FileChannel create(Path part) throws IOException {
        Path folder = part.resolveSibling("");
        if (swept.add(folder)) {
            Files.createDirectories(folder);
            sweep(folder);
        }
        try {
            return FileChannel.open(part, NEW, OWNER_ONLY);
        } catch (NoSuchFileException e) {
            // Whoever removes chunks may have removed the folder with the last one.
            Files.createDirectories(folder);
            return FileChannel.open(part, NEW, OWNER_ONLY);
        }
    }

    /** Removes what processes left that were killed while they wrote. */
    private static void sweep(Path folder) {
        FileTime limit = FileTime.from(Instant.now().minus(FORGOTTEN));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*" + PART)) {
            for (Path part : parts) {
                if (Files.getLastModifiedTime(part, LinkOption.NOFOLLOW_LINKS).compareTo(limit) < 0) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            System.getLogger(DirectoryStore.class.getName()).log(System.Logger.Level.DEBUG, "{0} stays as it is: {1}",
                    folder, e.getMessage());
        }
    }

    private static void write(FileChannel channel, byte[] data) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(data);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static void sync(Path part) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** A new name is on the disk when its folder is, and a new folder's own name when the store's is. */
    private void syncFolders(Collection<Path> parts) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        parts.forEach(part -> folders.add(part.resolveSibling("")));
        folders.add(url.path());
        for (Path folder : folders) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void discard(Path part, StoreException cause) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Path fileOf(ChunkId id) {
        String hex = id.toString();
        return url.path().resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static StoreException failure(String what, IOException e) {
        return new StoreException(StoreException.Kind.REFUSED, what, DiskFaults.reason(e),
                "check that the directory exists, is writable and has space left", e);
    }
}
