package zship.flist.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;

/**
 * A directory with one file per chunk, {@code aa/aabbcc...}: named by the id's 32 hex digits, below a folder of the first two.
 * Files appear under their name only when complete.
 */
public final class DirectoryStore implements ChunkStore {
    private final StoreUrl.Folder url;

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
        Path file = fileOf(id);
        Path folder = url.path().resolve(id.toString().substring(0, 2));
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "." + id, ".part");
            try {
                write(temporary, data);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failure("write chunk " + id + " to " + url, e);
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

    private static void write(Path file, byte[] data) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(data);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private Path fileOf(ChunkId id) {
        String hex = id.toString();
        return url.path().resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static StoreException failure(String what, IOException e) {
        String why = e.getMessage() == null ? "the file system gave no reason" : e.getMessage();
        return new StoreException(StoreException.Kind.REFUSED, what, why,
                "check that the directory exists, is writable and has space left", e);
    }
}
