package zship.flist.pack;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.FlistWriter;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.KeptChunks;

/**
 * Packs a root tree into an flist and its chunks into a store: one pass over the source, all cores, bounded memory. Chunks that
 * the store has are not sent, so an interrupted run is resumed by running it again.
 */
public final class Packer {
    private final ChunkStore store;
    private final PackEvents events;

    private record Packed(DraftWriter tree, Uploads uploads) {
    }

    /** A packer that sends chunks to {@code store}, which stays open, and reports to {@code events}. */
    public Packer(ChunkStore store, PackEvents events) {
        this.store = store;
        this.events = serialized(events);
    }

    /**
     * Packs a directory, a tar, a tar.gz, a tar.zst, or an image as {@code docker save} and OCI tools write it. The flist is
     * written last, when the store has every chunk, and replaces what was at {@code target} in one step. The same source and options give the same bytes.
     *
     * @throws FlistException when the source cannot be read or the flist not be written
     * @throws zship.flist.store.StoreException when the store fails
     */
    public PackedFlist pack(Path source, Path target, PackOptions options) {
        TreeSource tree = open(source);
        try (FlistWriter flist = new FlistWriter()) {
            Packed packed = pack(tree, flist, options);
            String sha256 = flist.write(target, options.router());
            return new PackedFlist(target, sha256, packed.tree.bytes(), packed.tree.files(), packed.tree.chunks(),
                    packed.uploads.sentChunks(), packed.uploads.sentBytes(), packed.uploads.reusedChunks());
        }
    }

    /**
     * Encodes a source like {@link #pack} and returns its tree instead of writing an flist, for putting it into another one.
     *
     * @throws FlistException when the source cannot be read
     * @throws zship.flist.store.StoreException when the store fails
     */
    public Directory encode(Path source, PackOptions options) {
        return encode(open(source), options);
    }

    /**
     * Encodes one regular file. Its owners are numbers only.
     *
     * @throws FlistException when the file cannot be read
     * @throws zship.flist.store.StoreException when the store fails
     */
    public FileEntry encodeFile(Path file, PackOptions options) {
        Directory holder = encode(new FileSource(file), options);
        if (holder.entries().getFirst() instanceof FileEntry entry) {
            return entry;
        }
        throw new FlistException(FlistException.Kind.FAILED, "read " + file, "it is not a regular file",
                "name a regular file, or put its directory");
    }

    private Directory encode(TreeSource source, PackOptions options) {
        try (FlistWriter flist = new FlistWriter()) {
            pack(source, flist, options);
            return flist.readBack().root();
        }
    }

    private Packed pack(TreeSource source, FlistWriter flist, PackOptions options) {
        KeptChunks kept = new KeptChunks(store);
        try (Uploads uploads = new Uploads(store, events, options.overwrite()); BlockTable blocks = new BlockTable()) {
            ChunkPipeline pipeline = new ChunkPipeline(uploads, blocks, events, options.parallelism());
            try (Shelf shelf = new Shelf(options.room().memory(), pipeline::settle)) {
                DraftTree draft = new DraftTree(shelf, options.room());
                try (ChunkPipeline reading = pipeline) {
                    source.read(draft, reading);
                    reading.finish();
                }
                DraftWriter tree = new DraftWriter(flist, blocks, draft.owners(), options.created());
                tree.write(draft.root());
                kept.confirm(tree::ids);
                flist.complete(Map.of());
                tree.losses().report(events);
                return new Packed(tree, uploads);
            }
        }
    }

    /** The chunks of {@code flist} that {@code store} does not have. */
    public static Set<ChunkId> missingChunks(Flist flist, ChunkStore store) {
        return store.missing(flist.chunkIds());
    }

    private static TreeSource open(Path source) {
        if (Files.isDirectory(source)) {
            return new DirectorySource(source);
        }
        if (Files.isRegularFile(source)) {
            requireContent(source);
            return ImageSource.isImage(source) ? new ImageSource(source) : new TarSource(source);
        }
        throw new FlistException(FlistException.Kind.NOT_FOUND, "pack " + source,
                Files.exists(source) ? "it is neither a directory nor a file" : "there is no such file or directory",
                "name a directory, a tar, a tar.gz, a tar.zst or an image archive");
    }

    /** A file without a byte is no archive, but what is left of a download that failed. */
    private static void requireContent(Path archive) {
        try {
            if (Files.size(archive) == 0) {
                throw TarSource.failure(archive, new EOFException("the file is empty"));
            }
        } catch (IOException e) {
            throw TarSource.failure(archive, e);
        }
    }

    private static PackEvents serialized(PackEvents events) {
        Object lock = new Object();
        return event -> {
            synchronized (lock) {
                events.on(event);
            }
        };
    }
}
