package zship.flist.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import zship.flist.FlistException;
import zship.flist.chunk.Chunk;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkKey;
import zship.flist.chunk.Slice;
import zship.flist.chunk.VectorTrial;

/**
 * Encodes pieces on all cores and hands every new chunk to the {@link Uploads}. Pieces are encoded in batches, so that several
 * can be hashed and enciphered at once. Memory is bounded: the reader waits while too many batches are under way, and the
 * encoding threads wait while too many chunks are to be sent.
 */
final class ChunkPipeline implements AutoCloseable {
    private static final int MOST_THREADS = 16;
    private static final int BATCHES_PER_THREAD = 2;
    private static final int BATCH_PIECES = 256;
    /** Bytes in a batch while pieces are encoded one by one. */
    private static final int SMALL_BATCH = 1 << 20;
    /** Bytes in a batch that keeps all lanes of vectors busy. */
    private static final int LARGE_BATCH = 8 << 20;
    /** Bytes in the batches of all threads: a batch takes about six times its size while it is encoded. */
    private static final int ALL_BATCHES = 24 << 20;
    private static final long BYTES_PER_EVENT = 8L << 20;

    private final Uploads uploads;
    private final PackEvents events;
    private final ExecutorService threads;
    private final BlockingQueue<Encoder> encoders;
    private final VectorTrial vectors = new VectorTrial();
    private final Semaphore underWay;
    private final int limit;
    private final int largeBatch;
    private final Batch pending = new Batch();
    private final Failure failure = new Failure();
    private final BlockTable known;
    private final AtomicLong allBytes = new AtomicLong();
    private final AtomicLong unreportedBytes = new AtomicLong();
    private final AtomicInteger unreportedFiles = new AtomicInteger();

    /** What reads a piece: into the buffer from the offset, or from an array of its own. */
    @FunctionalInterface
    interface PieceReader {
        Slice read(byte[] buffer, int offset);
    }

    /** A piece that comes so many times, one after the other. */
    private record Piece(FileContent content, int index, int times, PieceReader reader) {
        int length() {
            return content.pieceLength(index);
        }
    }

    /** Pieces that are encoded together. */
    private static final class Batch {
        private final List<Piece> pieces = new ArrayList<>();
        private int bytes;

        void add(Piece piece) {
            pieces.add(piece);
            bytes += piece.length();
        }

        List<Piece> take() {
            List<Piece> taken = List.copyOf(pieces);
            pieces.clear();
            bytes = 0;
            return taken;
        }
    }

    /** Codec and buffer, used by one thread at a time. */
    private static final class Encoder {
        private final ChunkCodec codec;
        private byte[] buffer = new byte[0];

        Encoder(VectorTrial vectors) {
            this.codec = new ChunkCodec(vectors);
        }

        List<Slice> read(List<Piece> pieces) {
            int bytes = pieces.stream().mapToInt(Piece::length).sum();
            if (buffer.length < bytes) {
                buffer = new byte[bytes];
            }
            List<Slice> contents = new ArrayList<>(pieces.size());
            int at = 0;
            for (Piece piece : pieces) {
                contents.add(piece.reader.read(buffer, at));
                at += piece.length();
            }
            return contents;
        }
    }

    ChunkPipeline(Uploads uploads, BlockTable known, PackEvents events, int parallelism) {
        this.uploads = uploads;
        this.known = known;
        this.events = events;
        int count = Math.min(parallelism, MOST_THREADS);
        this.limit = count * BATCHES_PER_THREAD;
        this.largeBatch = Math.min(LARGE_BATCH, ALL_BATCHES / count);
        this.underWay = new Semaphore(limit);
        this.threads = Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().name("encode-", 0).factory());
        this.encoders = new ArrayBlockingQueue<>(count);
        for (int i = 0; i < count; i++) {
            encoders.add(new Encoder(vectors));
        }
    }

    /** Counts a file whose pieces follow. */
    void begin(FileContent content) {
        unreportedFiles.incrementAndGet();
        if (unreportedBytes.addAndGet(content.size()) >= BYTES_PER_EVENT) {
            report();
        }
        vectors.begin(allBytes.addAndGet(content.size()));
    }

    /**
     * Encodes a piece, now or soon. Waits while too many are under way. Called by one thread.
     *
     * @throws RuntimeException the first failure of an earlier piece
     */
    void submit(FileContent content, int index, PieceReader reader) {
        submit(content, index, 1, reader);
    }

    /** The same for as many pieces with one content, which are encoded once. */
    void submit(FileContent content, int index, int times, PieceReader reader) {
        failure.rethrow();
        Piece piece = new Piece(content, index, times, reader);
        int most = vectors.isWon() ? largeBatch : Math.min(SMALL_BATCH, largeBatch);
        if (pending.bytes + piece.length() > most || pending.pieces.size() >= BATCH_PIECES) {
            start();
        }
        pending.add(piece);
    }

    /** The same for whole pieces that are nothing but a hole. */
    void submitHole(FileContent content, int index, int times) {
        submit(content, index, times, (buffer, offset) -> {
            Arrays.fill(buffer, offset, offset + ChunkCodec.PIECE_SIZE, (byte) 0);
            return new Slice(buffer, offset, ChunkCodec.PIECE_SIZE);
        });
    }

    /**
     * Waits for every piece to be encoded and every chunk to be in the store.
     *
     * @throws RuntimeException the first failure
     */
    void finish() {
        settle();
        uploads.finish();
        report();
    }

    /**
     * Waits for every piece that was submitted to be encoded.
     *
     * @throws RuntimeException the first failure
     */
    void settle() {
        start();
        underWay.acquireUninterruptibly(limit);
        underWay.release(limit);
        failure.rethrow();
    }

    @Override
    public void close() {
        failure.record(
                new FlistException(FlistException.Kind.FAILED, "encode pieces", "packing was stopped", "try again"));
        vectors.close();
        threads.shutdown();
        try {
            threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() {
        if (pending.pieces.isEmpty()) {
            return;
        }
        List<Piece> pieces = pending.take();
        underWay.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                if (!failure.happened()) {
                    encode(pieces);
                }
            } catch (Throwable e) {
                failure.record(e);
            } finally {
                underWay.release();
            }
        });
    }

    private void encode(List<Piece> pieces) {
        Encoder encoder = encoders.remove();
        try {
            List<Slice> contents = encoder.read(pieces);
            List<ChunkKey> keys = encoder.codec.keysOf(contents);
            Map<ChunkKey, Slice> fresh = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                if (known.find(keys.get(i)) < 0) {
                    fresh.putIfAbsent(keys.get(i), contents.get(i));
                }
            }
            for (Chunk chunk : encoder.codec.encode(List.copyOf(fresh.values()), List.copyOf(fresh.keySet()))) {
                if (known.add(chunk.block())) {
                    uploads.add(chunk);
                }
            }
            for (int i = 0; i < keys.size(); i++) {
                Piece piece = pieces.get(i);
                piece.content.set(piece.index, piece.times, known.find(keys.get(i)));
            }
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
