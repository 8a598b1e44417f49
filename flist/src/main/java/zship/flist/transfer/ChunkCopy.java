package zship.flist.transfer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import zship.flist.FlistException;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.KeptChunks;

/**
 * What copying chunks did. Only chunks that the target lacks are moved, so an interrupted copy goes on when it is run again;
 * only chunks whose bytes hash to their id are written.
 *
 * @param present chunks the target had
 * @param copied chunks written
 * @param bytes their stored bytes
 * @param faults chunks the source lacks or holds altered, with the reason
 */
public record ChunkCopy(int present, int copied, long bytes, Map<ChunkId, String> faults) {
    private static final int BATCH = 16;
    private static final int THREADS = 4;

    /** Keeps its own copy of the faults. */
    public ChunkCopy {
        faults = Map.copyOf(faults);
    }

    /** Told how far a copy is; called by one thread. */
    @FunctionalInterface
    public interface Progress {
        /** So many of so many missing chunks are done. */
        void on(int done, int of);
    }

    /**
     * Copies those of {@code ids} that {@code target} lacks.
     *
     * @throws zship.flist.store.StoreException when one of the stores fails
     */
    public static ChunkCopy of(Collection<ChunkId> ids, ChunkStore source, ChunkStore target, Progress progress) {
        KeptChunks kept = new KeptChunks(target);
        List<ChunkId> missing = List.copyOf(target.incomplete(ids));
        int copied = 0;
        long bytes = 0;
        int done = 0;
        Map<ChunkId, String> faults = new HashMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < missing.size(); round += BATCH * THREADS) {
                List<Future<ChunkCopy>> batches = new ArrayList<>();
                int end = Math.min(missing.size(), round + BATCH * THREADS);
                for (int from = round; from < end; from += BATCH) {
                    List<ChunkId> batch = missing.subList(from, Math.min(end, from + BATCH));
                    batches.add(pool.submit(() -> copy(batch, source, target)));
                }
                for (Future<ChunkCopy> batch : batches) {
                    ChunkCopy part = result(batch);
                    copied += part.copied;
                    bytes += part.bytes;
                    faults.putAll(part.faults);
                }
                done = end;
                progress.on(done, missing.size());
            }
        }
        kept.confirm(() -> ids.stream().filter(id -> !faults.containsKey(id)).toList());
        return new ChunkCopy(ids.size() - missing.size(), copied, bytes, faults);
    }

    private static ChunkCopy copy(List<ChunkId> batch, ChunkStore source, ChunkStore target) {
        Map<ChunkId, byte[]> found = source.getAll(batch);
        Map<ChunkId, byte[]> sound = new HashMap<>();
        Map<ChunkId, String> faults = new HashMap<>();
        for (ChunkId id : batch) {
            byte[] data = found.get(id);
            if (data == null) {
                faults.put(id, "it is not in the store");
            } else if (ChunkCodec.idOf(data).equals(id)) {
                sound.put(id, data);
            } else {
                faults.put(id, "it is altered: its bytes hash to " + ChunkCodec.idOf(data));
            }
        }
        target.putAll(sound);
        return new ChunkCopy(0, sound.size(), sound.values().stream().mapToLong(data -> data.length).sum(), faults);
    }

    private static ChunkCopy result(Future<ChunkCopy> batch) {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("copying failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlistException(FlistException.Kind.FAILED, "copy chunks", "interrupted",
                    "run the command again; what is copied stays", e);
        }
    }
}
