package zship.flist.hub;

import java.util.HashSet;
import java.util.Set;

import zship.flist.Flist;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.transfer.ChunkCopy;

/** Sends chunks again that a hub's store turned out to lack. */
@FunctionalInterface
public interface ChunkSupply {
    /**
     * What sending did.
     *
     * @param sent chunks that are in the hub's store now and were not before
     * @param lost chunks that are nowhere
     */
    record Sent(int sent, Set<ChunkId> lost) {
        /** Keeps its own copy of the ids. */
        public Sent {
            lost = Set.copyOf(lost);
        }
    }

    /**
     * Sends what is missing.
     *
     * @param flist whose chunks they are
     * @param named those that the hub named; none when it does not say which
     */
    Sent send(Flist flist, Set<ChunkId> named);

    /** Has no chunks. */
    static ChunkSupply none() {
        return (flist, named) -> new Sent(0, Set.of());
    }

    /** Asks the hub's store which of the flist's chunks it lacks, and copies those from another store. */
    static ChunkSupply copying(ChunkStore source, ChunkStore hubStore) {
        return (flist, named) -> {
            Set<ChunkId> wanted = new HashSet<>(flist.chunkIds());
            ChunkCopy copy = ChunkCopy.of(wanted, source, hubStore, (done, of) -> {
            });
            return new Sent(copy.copied(), copy.faults().keySet());
        };
    }
}
