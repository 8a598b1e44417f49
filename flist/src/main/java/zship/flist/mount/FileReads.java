package zship.flist.mount;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import zship.flist.FileEntry;

/**
 * Answers reads of files from their pieces. A read whose pieces are in the cache is answered at once; another one when they have
 * arrived, without keeping a thread waiting. A file that is read from front to back is fetched ahead, further with each step.
 */
final class FileReads {
    private static final int MOST_AHEAD = 16;

    private final MountedTree tree;
    private final PieceFetcher fetcher;
    private final Answers answers;
    private final Map<Long, Progress> progress = new ConcurrentHashMap<>();

    /** How far a file was read; {@code window} is how many pieces were fetched ahead last. */
    private record Progress(int last, int fetched, int window) {
    }

    private final class PendingRead {
        private final long unique;
        private final FileShape shape;
        private final long offset;
        private final int size;
        private final int first;
        private final CachedPiece[] pieces;
        private final AtomicInteger open;
        private final AtomicInteger failures = new AtomicInteger();

        PendingRead(long unique, FileShape shape, long offset, int size) {
            this.unique = unique;
            this.shape = shape;
            this.offset = offset;
            this.size = size;
            this.first = shape.pieceAt(offset);
            this.pieces = new CachedPiece[shape.pieceAt(offset + size - 1) - first + 1];
            this.open = new AtomicInteger(pieces.length);
        }

        PieceFetcher.Waiter waiter(int index, PieceFetcher.Wanted wanted) {
            return new PieceFetcher.Waiter() {
                @Override
                public void arrived(CachedPiece piece) {
                    pieces[index] = piece;
                    if (piece.length() != wanted.length()) {
                        fetcher.complain(wanted, PieceFetcher.misfit(wanted, piece.length()));
                        failures.incrementAndGet();
                    }
                    settle();
                }

                @Override
                public void failed() {
                    failures.incrementAndGet();
                    settle();
                }
            };
        }

        private void settle() {
            if (open.decrementAndGet() > 0) {
                return;
            }
            try {
                if (failures.get() > 0) {
                    answers.error(unique, Kernel.EIO);
                } else {
                    answers.parts(unique, parts());
                }
            } finally {
                for (CachedPiece piece : pieces) {
                    if (piece != null) {
                        piece.close();
                    }
                }
            }
        }

        private MemorySegment[] parts() {
            MemorySegment[] parts = new MemorySegment[pieces.length];
            for (int i = 0; i < parts.length; i++) {
                long start = shape.start(first + i);
                long from = Math.max(0, offset - start);
                long to = Math.min(pieces[i].length(), offset + size - start);
                parts[i] = pieces[i].bytes().asSlice(from, to - from);
            }
            return parts;
        }
    }

    FileReads(MountedTree tree, PieceFetcher fetcher, Answers answers) {
        this.tree = tree;
        this.fetcher = fetcher;
        this.answers = answers;
    }

    /** Answers the request {@code unique} for {@code wanted} bytes from {@code offset}; fewer at the end of the file. */
    void read(long unique, long node, long offset, long wanted) {
        FileShape shape = new FileShape((FileEntry) tree.entry(node));
        long size = Math.min(Math.min(wanted, 1 << 20), shape.available() - offset);
        if (offset < 0 || size <= 0) {
            answers.parts(unique);
            return;
        }
        PendingRead pending = new PendingRead(unique, shape, offset, (int) size);
        for (int i = 0; i < pending.pieces.length; i++) {
            PieceFetcher.Wanted piece = wanted(node, shape, pending.first + i);
            fetcher.obtain(piece, PieceFetcher.Urgency.AWAITED, pending.waiter(i, piece));
        }
        if (shape.pieces() > 1) {
            fetchAhead(node, shape, pending.first, pending.first + pending.pieces.length - 1);
        }
    }

    private PieceFetcher.Wanted wanted(long node, FileShape shape, int piece) {
        return new PieceFetcher.Wanted(shape.block(piece), shape.length(piece), () -> tree.path(node));
    }

    private void fetchAhead(long node, FileShape shape, int first, int last) {
        Progress before = progress.get(node);
        if (before == null || first > before.last + 1 || last < before.last) {
            progress.put(node, new Progress(last, last, 0));
            return;
        }
        if (last == before.last) {
            return;
        }
        int window = Math.min(MOST_AHEAD, Math.max(1, before.window * 2));
        int until = Math.min(shape.pieces() - 1, last + window);
        progress.put(node, new Progress(last, Math.max(until, before.fetched), window));
        for (int piece = Math.max(last, before.fetched) + 1; piece <= until; piece++) {
            fetcher.obtain(wanted(node, shape, piece), PieceFetcher.Urgency.AHEAD, new Unattended(() -> {
            }));
        }
    }
}
