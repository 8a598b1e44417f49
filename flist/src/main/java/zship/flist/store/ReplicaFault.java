package zship.flist.store;

import java.util.Optional;

import zship.flist.chunk.ChunkId;

/**
 * A replica that could not help, while another one may.
 *
 * @param replica which server, or the routing table that names one that is not there
 * @param chunk the chunk that is altered there; empty when the server itself failed
 * @param why what is wrong, as reported
 */
public record ReplicaFault(StoreUrl replica, Optional<ChunkId> chunk, String why) {
    /** What is wrong with which replica, as a line of text. */
    public String text() {
        return chunk.map(id -> "chunk " + id + " of " + replica + " is altered: " + why)
                .orElse(replica + (replica instanceof StoreUrl.Table ? ": " : " failed: ") + why);
    }

    /** Told about faults, by several threads. */
    @FunctionalInterface
    public interface Listener {
        /** A fault was met and the next replica is asked. */
        void on(ReplicaFault fault);

        /** Listens to nothing. */
        static Listener none() {
            return fault -> {
            };
        }
    }
}
