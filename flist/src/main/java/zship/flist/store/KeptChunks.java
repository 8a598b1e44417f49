package zship.flist.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

import zship.flist.chunk.ChunkId;

/**
 * Whether a store still has what it took. A connection that breaks is made anew without a word, but behind it there may be a
 * server that has started again and lost what it had acknowledged: only then all chunks are asked for once more.
 */
public final class KeptChunks {
    private static final int MOST_ROUNDS = 3;
    private static final int BATCH = 10_000;

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
    public void confirm(Supplier<? extends Iterable<ChunkId>> ids) {
        int seen = before;
        for (int round = 0; round < MOST_ROUNDS && store.interruptions() != seen; round++) {
            seen = store.interruptions();
            confirm(ids.get());
        }
    }

    private void confirm(Iterable<ChunkId> ids) {
        int all = 0;
        int missing = 0;
        List<ChunkId> batch = new ArrayList<>();
        for (Iterator<ChunkId> rest = ids.iterator(); rest.hasNext();) {
            batch.add(rest.next());
            if (batch.size() == BATCH || !rest.hasNext()) {
                all += batch.size();
                missing += store.incomplete(batch).size();
                batch.clear();
            }
        }
        if (missing > 0) {
            throw new StoreException(StoreException.Kind.UNREACHABLE, "send " + all + " chunks to " + store.url(),
                    "a connection broke meanwhile, and the store has lost " + missing + " chunks that it had before",
                    "run the same command again: it sends only what is missing");
        }
    }
}
