package zship.deployer.rollout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.chunk.ChunkId;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.ReplicaFault;
import zship.flist.store.StoreUrl;

/**
 * Looks whether a store has every chunk of an flist. A node creates a container all the same when chunks are missing, and
 * its files then fail when they are read.
 */
final class ChunkPreflight {

    private final StoreUrl storage;

    ChunkPreflight(String storage) {
        this.storage = StoreUrl.of(storage);
    }

    void check(String url, Flist flist) {
        try (ChunkStore store = ChunkStores.ofFlist(flist.router(), Path.of("flist"), storage,
                ReplicaFault.Listener.none())) {
            Set<ChunkId> missing = Packer.missingChunks(flist, store);
            if (!missing.isEmpty()) {
                ChunkId first = missing.iterator().next();
                String where = flist.router().isPresent()
                        ? "the servers of the flist's routing table, nor in " + storage
                        : storage.toString();
                String more = missing.size() == 1 ? "" : " (" + missing.size() + " chunks are missing in all)";
                throw RolloutException.refused("deploy " + url,
                        "chunk " + first + " of " + file(flist, first).orElse("it") + " is not in " + where + more,
                        "pack it again, which sends what is missing: `zship pack`");
            }
        }
    }

    private static Optional<String> file(Flist flist, ChunkId chunk) {
        List<String> holders = new ArrayList<>();
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file
                    && file.blocks().stream().anyMatch(block -> block.id().equals(chunk))) {
                holders.add(path.toString());
            }
        });
        return holders.stream().findFirst();
    }
}
