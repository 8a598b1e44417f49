package zship.cli.flist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.chunk.ChunkId;
import zship.flist.disk.DiskFaults;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreUrl;

/** Has what another store has and keeps nothing more: for a look at what would be sent. */
public final class TrialStore implements ChunkStore {
    private final ChunkStore store;

    /** Asks {@code store}, which is closed with this one. */
    public TrialStore(ChunkStore store) {
        this.store = store;
    }

    /**
     * Packs without keeping anything, not even the flist.
     *
     * @param store what is asked for chunks, and keeps none
     * @return what packing would make; there is no such file
     */
    public static PackedFlist pack(ChunkStore store, PackEvents events, Path source, PackOptions options) {
        Optional<Path> flist = Optional.empty();
        try {
            flist = Optional.of(Files.createTempFile("zship-", ".flist"));
            return new Packer(store, events).pack(source, flist.get(), options);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write a temporary file", DiskFaults.reason(e),
                    "make room in the folder for temporary files");
        } finally {
            flist.ifPresent(file -> file.toFile().delete());
        }
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return store.get(id);
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        // Nothing is sent.
    }

    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        return store.missing(ids);
    }

    @Override
    public Set<ChunkId> incomplete(Collection<ChunkId> ids) {
        return store.incomplete(ids);
    }

    @Override
    public StoreUrl url() {
        return store.url();
    }

    @Override
    public void close() {
        store.close();
    }
}
