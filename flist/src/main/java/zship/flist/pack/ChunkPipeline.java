package zship.flist.pack;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.Chunk;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkKey;

/**
 * Encodes pieces on all cores and hands every new chunk to the {@link Uploads}. Memory is bounded: the reader waits while too
 * many pieces are under way, and the encoding threads wait while too many chunks are to be sent.
 */
final class ChunkPipeline implements AutoCloseable {
    private static final int PIECES_PER_THREAD = 8;
    private static final long BYTES_PER_EVENT = 8L << 20;

    private final Uploads uploads;
    private final PackEvents events;
    private final ExecutorService threads;
    private final BlockingQueue<Encoder> encoders;
    private final Semaphore underWay;
    private final int limit;
    private final Failure failure = new Failure();
    private final Map<ChunkKey, Block> known = new ConcurrentHashMap<>();
    private final AtomicLong unreportedBytes = new AtomicLong();
    private final AtomicInteger unreportedFiles = new AtomicInteger();

    /** What reads a piece: into the buffer it gets, or an array of its own, which it returns. */
    @FunctionalInterface
    interface PieceReader {
        byte[] read(byte[] buffer);
    }

    /** Codec and buffer, used by one thread at a time. */
    private record Encoder(ChunkCodec codec, byte[] buffer) {
    }

    ChunkPipeline(Uploads uploads, PackEvents events, int parallelism) {
        this.uploads = uploads;
        this.events = events;
        this.limit = parallelism * PIECES_PER_THREAD;
        this.underWay = new Semaphore(limit);
        this.threads = Executors.newFixedThreadPool(parallelism,
                Thread.ofPlatform().daemon().name("encode-", 0).factory());
        this.encoders = new ArrayBlockingQueue<>(parallelism);
        for (int i = 0; i < parallelism; i++) {
            encoders.add(new Encoder(new ChunkCodec(), new byte[ChunkCodec.PIECE_SIZE]));
        }
    }

    /** Counts a file whose pieces follow. */
    void begin(FileContent content) {
        unreportedFiles.incrementAndGet();
        if (unreportedBytes.addAndGet(content.size()) >= BYTES_PER_EVENT) {
            report();
        }
    }

    /**
     * Encodes a piece, now or soon. Waits while too many are under way.
     *
     * @throws RuntimeException the first failure of an earlier piece
     */
    void submit(FileContent content, int index, PieceReader reader) {
        failure.rethrow();
        underWay.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                if (!failure.happened()) {
                    content.set(index, encode(content.pieceLength(index), reader));
                }
            } catch (RuntimeException e) {
                failure.record(e);
            } finally {
                underWay.release();
            }
        });
    }

    /**
     * Waits for every piece to be encoded and every chunk to be in the store.
     *
     * @throws RuntimeException the first failure
     */
    void finish() {
        underWay.acquireUninterruptibly(limit);
        underWay.release(limit);
        failure.rethrow();
        uploads.finish();
        report();
    }

    @Override
    public void close() {
        failure.record(
                new FlistException(FlistException.Kind.FAILED, "encode pieces", "packing was stopped", "try again"));
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Block encode(int length, PieceReader reader) {
        Encoder encoder = encoders.remove();
        try {
            byte[] plain = reader.read(encoder.buffer);
            ChunkKey key = ChunkCodec.keyOf(plain, 0, length);
            Block old = known.get(key);
            if (old != null) {
                return old;
            }
            Chunk chunk = encoder.codec.encode(plain, 0, length, key);
            if (known.putIfAbsent(key, chunk.block()) == null) {
                uploads.add(chunk);
            }
            return chunk.block();
        } finally {
            encoders.add(encoder);
        }
    }

    private void report() {
        int more = unreportedFiles.getAndSet(0);
        if (more > 0) {
            events.on(new PackEvent.Read(more, unreportedBytes.getAndSet(0)));
        }
    }
}
