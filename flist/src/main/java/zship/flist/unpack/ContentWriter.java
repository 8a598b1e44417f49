package zship.flist.unpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.Slice;
import zship.flist.disk.DiskFaults;
import zship.flist.store.ChunkStore;

/** Fetches, verifies and writes the contents of files, in batches of a few megabytes that several threads work on. */
final class ContentWriter {
    private static final int BATCH_PIECES = 256;
    private static final Set<OpenOption> TO_WRITE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    /** Until a file has its own rights, nobody else reads what may be secret. */
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final ChunkStore store;
    private final int threads;
    private final boolean resume;
    private final LongConsumer written;
    private final AtomicLong kept = new AtomicLong();

    /**
     * Prepares to write.
     *
     * @param resume whether what is on disk may be right already
     * @param written told by all threads how many bytes more are right
     */
    ContentWriter(ChunkStore store, int threads, boolean resume, LongConsumer written) {
        this.store = store;
        this.threads = threads;
        this.resume = resume;
        this.written = written;
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
        long bytes = files.stream().mapToLong(OutputFile::available).sum();
        try (PieceDecoder decoder = new PieceDecoder(store, bytes);
                ExecutorService pool = Executors.newFixedThreadPool(threads,
                        Thread.ofPlatform().name("unpack-", 0).factory())) {
            Work work = new Work(decoder, pool, new Semaphore(threads * 2), new ArrayList<>());
            try {
                submitAll(files, work);
                for (Future<?> batch : work.running) {
                    await(batch);
                }
            } catch (RuntimeException e) {
                pool.shutdownNow();
                throw e;
            }
        }
    }

    /** What the batches of one run share; {@code running} may hold some that are done. */
    private record Work(PieceDecoder decoder, ExecutorService pool, Semaphore waiting, List<Future<?>> running) {
    }

    private void submitAll(List<OutputFile> files, Work work) {
        List<Piece> batch = new ArrayList<>();
        long bytes = 0;
        for (List<Piece> alike : byContent(files)) {
            bytes += alike.getFirst().hasContent() ? alike.getFirst().length() : 0;
            for (Piece piece : alike) {
                batch.add(piece);
                if (batch.size() >= BATCH_PIECES) {
                    submit(batch, work);
                    batch = new ArrayList<>();
                    bytes = 0;
                }
            }
            if (bytes >= work.decoder.batchBytes()) {
                submit(batch, work);
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        submit(batch, work);
    }

    /** All pieces, in tree order but for those whose content has come before: they stand together, to be fetched once. */
    private static List<List<Piece>> byContent(List<OutputFile> files) {
        List<List<Piece>> groups = new ArrayList<>();
        Map<Block, List<Piece>> known = new HashMap<>();
        for (OutputFile file : files) {
            for (int i = 0; i < Math.max(1, file.pieces()); i++) {
                Piece piece = new Piece(file, i);
                List<Piece> alike = piece.hasContent()
                        ? known.computeIfAbsent(piece.block(), block -> added(groups))
                        : added(groups);
                alike.add(piece);
            }
        }
        return groups;
    }

    private static List<Piece> added(List<List<Piece>> groups) {
        List<Piece> group = new ArrayList<>(1);
        groups.add(group);
        return group;
    }

    private void submit(List<Piece> batch, Work work) {
        work.waiting.acquireUninterruptibly();
        work.running.removeIf(done -> done.state() == Future.State.SUCCESS);
        for (Future<?> done : work.running) {
            if (done.state() == Future.State.FAILED) {
                await(done);
            }
        }
        work.running.add(work.pool.submit(() -> {
            try {
                writeBatch(batch, work.decoder);
            } finally {
                work.waiting.release();
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

    private void writeBatch(List<Piece> all, PieceDecoder decoder) {
        List<Piece> batch = resume ? all.stream().filter(piece -> !isThere(piece)).toList() : all;
        List<Piece> filled = batch.stream().filter(Piece::hasContent).toList();
        Map<OutputFile, List<Piece>> byFile = batch.stream().collect(
                Collectors.groupingBy(Piece::file, IdentityHashMap::new, Collectors.toList()));
        if (filled.isEmpty()) {
            byFile.forEach((file, pieces) -> writeFile(file, pieces, Contents.NONE));
        } else {
            decoder.fetch(filled, plain -> {
                Contents contents = Contents.of(plain);
                byFile.forEach((file, pieces) -> writeFile(file, pieces, contents));
            });
        }
    }

    /** What the pieces of a batch hold, and which of it is nothing but zeros: that is looked at once, however often it comes. */
    private record Contents(Map<Block, Slice> plain, Set<Block> zeros) {
        static final Contents NONE = new Contents(Map.of(), Set.of());

        static Contents of(Map<Block, Slice> plain) {
            return new Contents(plain, plain.entrySet().stream().filter(content -> isZero(content.getValue()))
                    .map(Map.Entry::getKey).collect(Collectors.toSet()));
        }

        Slice get(Piece piece) {
            return Objects.requireNonNull(plain.get(piece.block()));
        }

        boolean isZero(Piece piece) {
            return zeros.contains(piece.block());
        }

        private static boolean isZero(Slice plain) {
            byte[] bytes = plain.array();
            int first = plain.offset();
            int last = first + plain.length() - 1;
            return plain.length() > 0 && bytes[first] == 0
                    && Arrays.mismatch(bytes, first, last, bytes, first + 1, last + 1) < 0;
        }
    }

    /** Whether the disk has exactly this piece; a file that is too long is cut to its size by the way. */
    private boolean isThere(Piece piece) {
        if (!piece.hasContent() || !Files.isRegularFile(piece.file().disk(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        ByteBuffer found = ByteBuffer.allocate(piece.length());
        try (FileChannel channel = FileChannel.open(piece.file().disk(), StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.truncate(piece.file().available());
            int read = 0;
            while (found.hasRemaining() && read >= 0) {
                read = channel.read(found, piece.offset() + found.position());
            }
        } catch (IOException e) {
            throw unwritable(piece.file(), e);
        }
        boolean there = !found.hasRemaining()
                && ChunkCodec.keyOf(found.array(), 0, found.capacity()).equals(piece.block().key());
        if (there) {
            kept.addAndGet(found.capacity());
            written.accept(found.capacity());
        }
        return there;
    }

    private static FlistException unwritable(OutputFile file, IOException e) {
        return new FlistException(FlistException.Kind.FAILED, "write " + file.disk(), DiskFaults.reason(e),
                "check permissions and free space, then run the same command with --resume", e);
    }

    private void writeFile(OutputFile file, List<Piece> pieces, Contents contents) {
        try (FileChannel channel = FileChannel.open(file.disk(), TO_WRITE, OWNER_ONLY)) {
            if (resume) {
                channel.truncate(file.available());
            }
            for (Piece piece : pieces) {
                if (piece.hasContent()) {
                    put(channel, piece, contents);
                    written.accept(piece.length());
                }
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** In a new file zeros become a hole: only the last byte of the file is written, which gives it its size. */
    private void put(FileChannel channel, Piece piece, Contents contents) throws IOException {
        Slice plain = contents.get(piece);
        int from = 0;
        if (!resume && contents.isZero(piece)) {
            if (piece.index() < piece.file().pieces() - 1) {
                return;
            }
            from = plain.length() - 1;
        }
        ByteBuffer rest = ByteBuffer.wrap(plain.array(), plain.offset() + from, plain.length() - from);
        long position = piece.offset() + from;
        while (rest.hasRemaining()) {
            position += channel.write(rest, position);
        }
    }
}
