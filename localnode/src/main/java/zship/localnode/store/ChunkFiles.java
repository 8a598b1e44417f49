package zship.localnode.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import zship.flist.chunk.ChunkId;
import zship.flist.disk.ChangingTree;

/**
 * A folder with one file per chunk, in folders named by the first two digits of the id: that of a namespace, where a file's name
 * begins with {@code k}, or that of a {@code dir://} store, where it is the id alone.
 */
public final class ChunkFiles implements StoredChunks {
    private static final Duration EXACT = Duration.ofHours(1);
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final Path folder;
    private final String prefix;
    private final Remover remover;

    /** Removes a chunk from where it is counted too. */
    @FunctionalInterface
    interface Remover {
        /** Whether it was there. */
        boolean remove(ChunkId id) throws IOException;
    }

    ChunkFiles(Path folder, String prefix, Remover remover) {
        this.folder = folder;
        this.prefix = prefix;
        this.remover = remover;
    }

    /** The chunks of a {@code dir://} store. */
    public static ChunkFiles ofDirectoryStore(Path folder) {
        return new ChunkFiles(folder, "", id -> Files.deleteIfExists(file(folder, "", id)));
    }

    private static Path file(Path folder, String prefix, ChunkId id) {
        return folder.resolve(id.toString().substring(0, 2)).resolve(prefix + id);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        ChangingTree.visit(folder, 2, (file, attributes) -> {
            String name = file.getFileName().toString();
            String id = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
            if (attributes.isRegularFile() && ID.matcher(id).matches()) {
                visitor.visit(new Stored(ChunkId.of(id), attributes.size(), wanted(attributes)));
            }
        });
    }

    @Override
    public boolean removeUnwanted(ChunkId id, Instant since) throws IOException {
        BasicFileAttributes attributes = attributes(file(folder, prefix, id));
        return attributes != null && wanted(attributes).isBefore(since) && remover.remove(id);
    }

    /** Notes that somebody wants a chunk to stay; written at most once an hour. */
    static void want(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Instant now = Instant.now();
            if (wanted(attributes).isBefore(now.minus(EXACT))) {
                Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(null, FileTime.from(now), null);
            }
        } catch (IOException gone) {
            System.getLogger(ChunkFiles.class.getName()).log(System.Logger.Level.DEBUG, "cannot note use: {0}",
                    gone.getMessage());
        }
    }

    private static Instant wanted(BasicFileAttributes attributes) {
        Instant written = attributes.lastModifiedTime().toInstant();
        Instant asked = attributes.lastAccessTime().toInstant();
        return asked.isAfter(written) ? asked : written;
    }

    private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }
}
