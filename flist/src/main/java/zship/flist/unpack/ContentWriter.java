package zship.flist.unpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.CorruptChunkException;
import zship.flist.disk.DiskFaults;
import zship.flist.store.ChunkStore;

/** Fetches, verifies and writes the contents of files, in batches of a few megabytes that several threads work on. */
final class ContentWriter {
    private static final long BATCH_BYTES = 4 << 20;
    private static final int BATCH_PIECES = 256;

    private final ChunkStore store;
    private final int threads;
    private final boolean resume;
    private final AtomicLong kept = new AtomicLong();

    /** One piece of one file; index 0 of an empty file only creates it. */
    record Piece(OutputFile file, int index) {
        boolean hasContent() {
            return index < file.pieces();
        }

        Block block() {
            return file.entry().blocks().get(index);
        }
    }

    /**
     * Prepares to write.
     *
     * @param resume whether what is on disk may be right already
     */
    ContentWriter(ChunkStore store, int threads, boolean resume) {
        this.store = store;
        this.threads = threads;
        this.resume = resume;
    }

    /** Bytes that were right on disk. */
    long keptBytes() {
        return kept.get();
    }

    /**
     * Writes all files.
     *
     * @throws FlistException or StoreException, the first failure
     */
    void write(List<OutputFile> files) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().name("unpack-", 0).factory())) {
            List<Future<?>> running = new ArrayList<>();
            try {
                submitAll(files, pool, running);
                for (Future<?> batch : running) {
                    await(batch);
                }
            } catch (RuntimeException e) {
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private void submitAll(List<OutputFile> files, ExecutorService pool, List<Future<?>> running) {
        Semaphore waiting = new Semaphore(threads * 2);
        List<Piece> batch = new ArrayList<>();
        long bytes = 0;
        for (OutputFile file : files) {
            for (int i = 0; i < Math.max(1, file.pieces()); i++) {
                batch.add(new Piece(file, i));
                bytes += file.pieces() == 0 ? 0 : file.length(i);
                if (bytes >= BATCH_BYTES || batch.size() >= BATCH_PIECES) {
                    submit(batch, pool, waiting, running);
                    batch = new ArrayList<>();
                    bytes = 0;
                }
            }
        }
        submit(batch, pool, waiting, running);
    }

    private void submit(List<Piece> batch, ExecutorService pool, Semaphore waiting, List<Future<?>> running) {
        waiting.acquireUninterruptibly();
        running.removeIf(done -> done.state() == Future.State.SUCCESS);
        for (Future<?> done : running) {
            if (done.state() == Future.State.FAILED) {
                await(done);
            }
        }
        running.add(pool.submit(() -> {
            try {
                writeBatch(batch);
            } finally {
                waiting.release();
            }
        }));
    }

    private static void await(Future<?> batch) {
        try {
            batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("unpacking failed", e.getCause());
        } catch (InterruptedException | CancellationException e) {
            Thread.currentThread().interrupt();
            throw new FlistException(FlistException.Kind.FAILED, "unpack", "interrupted", "run the command again", e);
        }
    }

    private void writeBatch(List<Piece> all) {
        List<Piece> batch = resume ? all.stream().filter(piece -> !isThere(piece)).toList() : all;
        List<ChunkId> wanted = batch.stream().filter(Piece::hasContent).map(piece -> piece.block().id()).distinct()
                .toList();
        Map<ChunkId, byte[]> chunks = wanted.isEmpty() ? Map.of() : store.getAll(wanted);
        ChunkCodec codec = new ChunkCodec();
        Map<OutputFile, List<Piece>> byFile = batch.stream().collect(
                Collectors.groupingBy(Piece::file, IdentityHashMap::new, Collectors.toList()));
        byFile.forEach((file, pieces) -> writeFile(file, pieces, chunks, codec));
    }

    /** Whether the disk has exactly this piece; a file that is too long is cut to its size by the way. */
    private boolean isThere(Piece piece) {
        if (!piece.hasContent() || !Files.isRegularFile(piece.file.disk(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        ByteBuffer found = ByteBuffer.allocate(piece.file.length(piece.index));
        try (FileChannel channel = FileChannel.open(piece.file.disk(), StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.truncate(piece.file.available());
            int read = 0;
            while (found.hasRemaining() && read >= 0) {
                read = channel.read(found, piece.file.offset(piece.index) + found.position());
            }
        } catch (IOException e) {
            throw unwritable(piece.file, e);
        }
        boolean there = !found.hasRemaining()
                && ChunkCodec.keyOf(found.array(), 0, found.capacity()).equals(piece.block().key());
        if (there) {
            kept.addAndGet(found.capacity());
        }
        return there;
    }

    private static FlistException unwritable(OutputFile file, IOException e) {
        return new FlistException(FlistException.Kind.FAILED, "write " + file.disk(), DiskFaults.reason(e),
                "check permissions and free space, then run the same command with --resume", e);
    }

    private void writeFile(OutputFile file, List<Piece> pieces, Map<ChunkId, byte[]> chunks, ChunkCodec codec) {
        try (FileChannel channel = FileChannel.open(file.disk(), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            if (resume) {
                channel.truncate(file.available());
            }
            Optional<Block> before = Optional.empty();
            byte[] plain = {};
            for (Piece piece : pieces) {
                if (piece.hasContent()) {
                    // What repeats in a file repeats in a row, above all zeros.
                    if (!before.equals(Optional.of(piece.block())) || plain.length != file.length(piece.index)) {
                        plain = decode(piece, chunks, codec, store);
                    }
                    before = Optional.of(piece.block());
                    put(channel, piece, plain);
                }
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** In a new file zeros become a hole: only the last byte of the file is written, which gives it its size. */
    private void put(FileChannel channel, Piece piece, byte[] plain) throws IOException {
        int from = 0;
        if (!resume && isZero(plain)) {
            if (piece.index < piece.file.pieces() - 1) {
                return;
            }
            from = plain.length - 1;
        }
        ByteBuffer rest = ByteBuffer.wrap(plain).position(from);
        while (rest.hasRemaining()) {
            channel.write(rest, piece.file.offset(piece.index) + rest.position());
        }
    }

    private static boolean isZero(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == 0
                && Arrays.mismatch(bytes, 0, bytes.length - 1, bytes, 1, bytes.length) < 0;
    }

    static byte[] decode(Piece piece, Map<ChunkId, byte[]> chunks, ChunkCodec codec, ChunkStore store) {
        Block block = piece.block();
        int length = piece.file.length(piece.index);
        String what = "read piece " + (piece.index + 1) + " of " + piece.file.path() + ", chunk " + block.id();
        byte[] stored = chunks.get(block.id());
        if (stored == null) {
            throw new FlistException(FlistException.Kind.CHUNK_MISSING, what, "it is not in the store " + store.url(),
                    "pack the tree again to this store, or name the store that has it");
        }
        try {
            byte[] plain = codec.decode(block, stored, piece.file.entry().pieceSize());
            if (plain.length != length) {
                throw new FlistException(FlistException.Kind.DAMAGED, what,
                        "it holds " + plain.length + " bytes, but " + length + " belong there", "pack the flist again");
            }
            return plain;
        } catch (CorruptChunkException e) {
            throw new FlistException(FlistException.Kind.CHUNK_ALTERED, what,
                    "the store " + store.url() + " returned an altered chunk: " + e.getMessage(),
                    "pack the tree again with overwriting, which replaces altered chunks", e);
        }
    }
}
