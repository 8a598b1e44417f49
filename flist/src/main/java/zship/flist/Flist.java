package zship.flist;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;
import zship.flist.format.FlistPackage;

/**
 * An flist: the metadata of a root file system, without the contents of its files, which are chunks in a store.
 *
 * @param root the tree
 * @param metadata free and well-known keys (backend, entrypoint, environ, port, volume, readme) with their text
 * @param router where nodes find the chunks, the text of {@code router.yaml}, if the flist says so
 */
public record Flist(Directory root, Map<String, String> metadata, Optional<String> router) {
    /** Keeps its own copy of the metadata. */
    public Flist {
        metadata = Map.copyOf(metadata);
    }

    /** An flist of a tree alone. */
    public static Flist of(Directory root) {
        return new Flist(root, Map.of(), Optional.empty());
    }

    /**
     * Reads an flist file completely.
     *
     * @throws FlistException of kind NOT_FOUND or DAMAGED
     */
    public static Flist open(Path file) {
        return FlistFile.read(file);
    }

    /**
     * Reads an flist completely.
     *
     * @param in where it begins
     * @param name what it is called in messages
     * @throws FlistException of kind DAMAGED, or FAILED when it cannot be read
     */
    public static Flist read(InputStream in, String name) {
        return FlistFile.read("read the flist " + name, () -> FlistPackage.read(in));
    }

    /**
     * Writes the flist file in one step: readers see the old file or the new one, complete. Equal flists give equal bytes.
     *
     * @return the SHA-256 of the file, 64 hex digits
     * @throws FlistException of kind FAILED when it cannot be written
     */
    public String write(Path file) {
        try (FlistWriter writer = new FlistWriter()) {
            write(TreePath.ROOT, root, writer);
            if (!writer.complete(metadata)) {
                throw new FlistException(FlistException.Kind.FAILED, "write the flist " + file,
                        "its tree is larger than what can be read back", "write a smaller tree");
            }
            return writer.write(file, router);
        }
    }

    /** The same flist with another tree. */
    public Flist withRoot(Directory other) {
        return new Flist(other, metadata, router);
    }

    /** The same flist with one metadata key set. */
    public Flist withMetadata(String key, String value) {
        Map<String, String> others = new TreeMap<>(metadata);
        others.put(key, value);
        return new Flist(root, others, router);
    }

    /** The same flist without a metadata key. */
    public Flist withoutMetadata(String key) {
        Map<String, String> others = new TreeMap<>(metadata);
        others.remove(key);
        return new Flist(root, others, router);
    }

    /** The same flist with a routing table, the text of {@code router.yaml}. */
    public Flist withRouter(Optional<String> text) {
        return new Flist(root, metadata, text);
    }

    /** The entry at {@code path}; links are not followed. */
    public Optional<Entry> lookup(TreePath path) {
        Entry entry = root;
        for (Name name : path.names()) {
            if (!(entry instanceof Directory directory)) {
                return Optional.empty();
            }
            Optional<Entry> next = directory.find(name);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            entry = next.get();
        }
        return Optional.of(entry);
    }

    /** The distinct ids of all chunks, in the order of the tree. */
    public Set<ChunkId> chunkIds() {
        Set<ChunkId> ids = new LinkedHashSet<>();
        walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                for (Block block : file.blocks()) {
                    ids.add(block.id());
                }
            }
        });
        return ids;
    }

    /** Visits every entry below the root, a directory before what is in it, names in byte order. */
    public void walk(Visitor visitor) {
        walk(TreePath.ROOT, root, visitor);
    }

    private static void write(TreePath path, Directory directory, FlistWriter writer) {
        writer.add(path, directory.attributes(), directory.entries());
        for (Entry entry : directory.entries()) {
            if (entry instanceof Directory inner) {
                write(path.resolve(inner.name()), inner, writer);
            }
        }
    }

    private static void walk(TreePath path, Directory directory, Visitor visitor) {
        for (Entry entry : directory.entries()) {
            TreePath below = path.resolve(entry.name());
            visitor.visit(below, entry);
            if (entry instanceof Directory inner) {
                walk(below, inner, visitor);
            }
        }
    }

    /** Told about every entry of a tree. */
    @FunctionalInterface
    public interface Visitor {
        /** One entry and where it is. */
        void visit(TreePath path, Entry entry);
    }
}
