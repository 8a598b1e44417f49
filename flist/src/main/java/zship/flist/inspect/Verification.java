package zship.flist.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkCodec.Outcome;
import zship.flist.chunk.ChunkCodec.Stored;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.CodecPool;
import zship.flist.chunk.Slice;
import zship.flist.store.ChunkStore;

/**
 * Whether a store has every chunk of an flist, unaltered.
 *
 * @param chunks distinct chunks looked at
 * @param bytes stored bytes fetched
 * @param faults what is wrong, in tree order; empty when all is well
 */
public record Verification(int chunks, long bytes, List<Fault> faults) {
    private static final int BATCH = 16;
    private static final int THREADS = Math.max(4, Runtime.getRuntime().availableProcessors());

    /**
     * A chunk that cannot be used, or a file that the flist has too few or too many chunks for.
     *
     * @param id the chunk; empty when the flist is at fault
     * @param file the first file that needs it
     * @param why missing, or how it is altered
     */
    public record Fault(Optional<ChunkId> id, TreePath file, String why) {
        private static Fault of(Block block, TreePath file, String why) {
            return new Fault(Optional.of(block.id()), file, why);
        }
    }

    /** Keeps its own copy of the list. */
    public Verification {
        faults = List.copyOf(faults);
    }

    /** Whether every chunk is there and sound. */
    public boolean isSound() {
        return faults.isEmpty();
    }

    /** Asks the store only which chunks it has, and looks whether files have as many as they need; nothing is fetched. */
    public static Verification ofExistence(Flist flist, ChunkStore store) {
        Map<Block, Use> uses = uses(flist);
        List<Fault> faults = new ArrayList<>(miscounted(flist));
        var missing = store.missing(uses.keySet().stream().map(Block::id).toList());
        uses.forEach((block, use) -> {
            if (missing.contains(block.id())) {
                faults.add(Fault.of(block, use.path, "it is not in the store"));
            }
        });
        return new Verification(uses.size(), 0, faults);
    }

    /** Fetches every chunk once and verifies both of its hashes, and that files have the chunks and these the lengths they need. */
    public static Verification ofContent(Flist flist, ChunkStore store) {
        return ofContent(flist, store, bytes -> {
        });
    }

    /**
     * The same, telling how far it is.
     *
     * @param looked told by several threads how many bytes more of plain content were looked at; repeated content counts once
     */
    public static Verification ofContent(Flist flist, ChunkStore store, LongConsumer looked) {
        Map<Block, Use> uses = uses(flist);
        List<Block> blocks = List.copyOf(uses.keySet());
        List<Fault> faults = new ArrayList<>(miscounted(flist));
        long bytes = 0;
        Semaphore ahead = new Semaphore(THREADS * 2);
        try (CodecPool codecs = new CodecPool(Usage.of(TreePath.ROOT, flist.root()).bytes());
                ExecutorService pool = Executors.newFixedThreadPool(THREADS,
                        Thread.ofPlatform().name("verify-", 0).factory())) {
            Source source = new Source(store, codecs, looked);
            List<Future<Batch>> batches = new ArrayList<>();
            for (int from = 0; from < blocks.size(); from += BATCH) {
                List<Block> batch = blocks.subList(from, Math.min(blocks.size(), from + BATCH));
                ahead.acquireUninterruptibly();
                batches.add(pool.submit(() -> {
                    try {
                        return verify(batch, uses, source);
                    } finally {
                        ahead.release();
                    }
                }));
            }
            for (Future<Batch> batch : batches) {
                bytes += result(batch).bytes;
                faults.addAll(result(batch).faults);
            }
        }
        return new Verification(blocks.size(), bytes, faults);
    }

    private record Source(ChunkStore store, CodecPool codecs, LongConsumer looked) {
    }

    /** The first file that needs a chunk, and the first one for each length that it should have. */
    private record Use(TreePath path, int pieceSize, Map<Integer, TreePath> lengths) {
        Use(TreePath path, int pieceSize) {
            this(path, pieceSize, new TreeMap<>());
        }
    }

    private record Batch(long bytes, List<Fault> faults) {
    }

    private static Map<Block, Use> uses(Flist flist) {
        Map<Block, Use> uses = new LinkedHashMap<>();
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                long left = file.size();
                for (Block block : file.blocks()) {
                    int length = (int) Math.clamp(left, 0, file.pieceSize());
                    uses.computeIfAbsent(block, fresh -> new Use(path, file.pieceSize())).lengths.putIfAbsent(length,
                            path);
                    left -= length;
                }
            }
        });
        return uses;
    }

    /** Some old tools lost the last chunk of files just over 16, 32 and 64 MiB. */
    private static List<Fault> miscounted(Flist flist) {
        List<Fault> faults = new ArrayList<>();
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                long needed = Math.ceilDiv(file.size(), (long) file.pieceSize());
                if (file.blocks().size() != needed) {
                    faults.add(new Fault(Optional.empty(), path, "the flist names " + file.blocks().size()
                            + " chunks, but " + file.size() + " bytes need " + needed));
                }
            }
        });
        return faults;
    }

    private static Batch verify(List<Block> batch, Map<Block, Use> uses, Source source) {
        Map<ChunkId, byte[]> chunks = source.store.getAll(batch.stream().map(Block::id).toList());
        List<Fault> faults = new ArrayList<>();
        List<Stored> there = new ArrayList<>();
        for (Block block : batch) {
            byte[] stored = chunks.get(block.id());
            if (stored == null) {
                faults.add(Fault.of(block, use(block, uses).path, "it is not in the store"));
            } else {
                there.add(new Stored(block, stored, use(block, uses).pieceSize));
            }
        }
        try (CodecPool.Turn turn = source.codecs.take()) {
            List<Outcome> outcomes = turn.codec().decode(there);
            faults.addAll(unsound(there, outcomes, uses));
            outcomes.forEach(outcome -> source.looked
                    .accept(outcome instanceof Outcome.Sound(Slice plain) ? plain.length() : 0));
        }
        return new Batch(chunks.values().stream().mapToLong(data -> data.length).sum(), faults);
    }

    private static List<Fault> unsound(List<Stored> chunks, List<Outcome> outcomes, Map<Block, Use> uses) {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            Block block = chunks.get(i).block();
            switch (outcomes.get(i)) {
                case Outcome.Corrupt(String why) ->
                    faults.add(Fault.of(block, use(block, uses).path, "it is altered: " + why));
                case Outcome.Sound(Slice plain) -> use(block, uses).lengths.forEach((length, path) -> {
                    if (length != plain.length()) {
                        faults.add(Fault.of(block, path,
                                "it holds " + plain.length() + " bytes, but " + length + " belong there"));
                    }
                });
            }
        }
        return faults;
    }

    private static Use use(Block block, Map<Block, Use> uses) {
        return uses.getOrDefault(block, new Use(TreePath.ROOT, ChunkCodec.PIECE_SIZE));
    }

    private static Batch result(Future<Batch> batch) {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("verifying failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlistException(FlistException.Kind.FAILED, "verify chunks", "interrupted",
                    "run the command again", e);
        }
    }
}
