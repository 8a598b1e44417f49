package zship.flist.store;

import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

import zship.flist.chunk.ChunkId;

/**
 * Whether a store still has what it took. A connection that breaks is made anew without a word, but behind it there may be a
 * server that has started again and lost what it had acknowledged: only then all chunks are asked for once more.
 */
public final class KeptChunks {
    private static final int MOST_ROUNDS = 3;

    private final ChunkStore store;
    private final int before;

    /** Begins to watch {@code store}, before anything is sent to it. */
    public KeptChunks(ChunkStore store) {
        this.store = store;
        this.before = store.interruptions();
    }

    /**
     * Makes sure that the store has {@code ids}, which are asked for only when a connection broke since this was made.
     *
     * @throws StoreException when some are missing, or the store fails
     */
    public void confirm(Supplier<? extends Collection<ChunkId>> ids) {
        int seen = before;
        for (int round = 0; round < MOST_ROUNDS && store.interruptions() != seen; round++) {
            seen = store.interruptions();
            Collection<ChunkId> all = ids.get();
            Set<ChunkId> missing = store.incomplete(all);
            if (!missing.isEmpty()) {
                throw new StoreException(StoreException.Kind.UNREACHABLE,
                        "send " + all.size() + " chunks to " + store.url(),
                        "a connection broke meanwhile, and the store has lost " + missing.size()
                                + " chunks that it had before",
                        "run the same command again: it sends only what is missing");
            }
        }
    }
}
