package zship.flist.mount;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.store.ChunkStore;
import zship.flist.store.StoreException;
import zship.flist.unpack.FileContents;
import zship.flist.unpack.OwnerNumbers;

/**
 * An flist mounted read-only by FUSE. All that the flist says is shown at once: names byte for byte, owners, all twelve mode bits,
 * times, links, special files. Contents come from the store piece by piece when they are first read, each verified by its id
 * and its plain hash before a byte of it is given out.
 *
 * <p>What cannot be had from the store reads as an input/output error, is logged with file and store, and is tried again at the
 * next read. Everything that is in the cache can be read without the store.
 */
public final class FlistMount implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("zship.flist.mount");
    private static final long LARGEST_NAMES = 1 << 20;
    /** How long a program waits for a chunk before it is told that there is none. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration QUIET_END = Duration.ofSeconds(2);

    private final MountPoint point;
    private final MountedTree tree;
    private final PieceFetcher fetcher;
    private final FuseServer server;
    private final Map<Block, PieceFetcher.Wanted> pieces;
    private final Thread end;

    private FlistMount(MountPoint point, MountedTree tree, PieceFetcher fetcher, FuseServer server, Thread end) {
        this.point = point;
        this.tree = tree;
        this.fetcher = fetcher;
        this.server = server;
        this.pieces = pieces(tree);
        this.end = end;
    }

    /**
     * Mounts an flist over a directory that exists; it is there when this returns.
     *
     * @param source a name for lists of mounts, such as the flist's file name
     * @param store where chunks are; it need not answer now, and stays open
     * @throws FlistException of kind PREREQUISITE when FUSE cannot be used here, NOT_FOUND when there is no such directory
     */
    public static FlistMount open(Flist flist, String source, Path target, ChunkStore store, ChunkCache cache) {
        MountedTree tree = new MountedTree(flist.root());
        TreeAnswers answers = new TreeAnswers(tree, owners(flist, tree, store));
        MountPoint point = new MountPoint(target);
        int descriptor = point.mount(source);
        PieceFetcher fetcher = new PieceFetcher(cache, store, PATIENCE);
        FuseServer server = new FuseServer(descriptor, tree, answers, fetcher);
        server.start();
        Thread end = Thread.ofPlatform().daemon().name("end of " + source).start(() -> {
            try {
                server.awaitEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            fetcher.close();
            Kernel.close(descriptor);
        });
        point.readAhead();
        return new FlistMount(point, tree, fetcher, server, end);
    }

    /**
     * Unmounts what a process that has ended left at a place; whoever uses it gets errors anyway.
     *
     * @return whether something was there
     */
    public static boolean removeDead(Path target) {
        return new MountPoint(target).removeDead();
    }

    /** Where it is mounted. */
    public Path target() {
        return point.target();
    }

    /** How much of it is on this machine. */
    public MountStatus status() {
        int present = 0;
        long bytes = 0;
        long presentBytes = 0;
        for (PieceFetcher.Wanted piece : pieces.values()) {
            bytes += piece.length();
            if (fetcher.isPresent(piece.block())) {
                present++;
                presentBytes += piece.length();
            }
        }
        return new MountStatus(pieces.size(), present, bytes, presentBytes, fetcher.fetchedChunks(),
                fetcher.fetchedBytes());
    }

    /** Fetches in the background what nobody has asked for yet, as far as the cache has room. */
    public void prefetch() {
        Thread.ofVirtual().name("prefetch").start(new Prefetch(fetcher, pieces.values(), end::isAlive));
    }

    /** Waits until it is unmounted and nobody uses it any more. */
    public void awaitEnd() throws InterruptedException {
        end.join();
    }

    /**
     * Unmounts. Programs that have files open go on reading them as long as this process lives.
     *
     * @throws FlistException when the system refuses
     */
    @Override
    public void close() {
        point.unmount();
        try {
            boolean ended = end.join(QUIET_END);
            LOG.log(System.Logger.Level.DEBUG, "{0} of {1} entries is {2}", point.target(), tree.size(),
                    ended ? "unmounted" : "unmounted and still in use");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "FlistMount[" + point.target() + ", " + server + "]";
    }

    private static Map<Block, PieceFetcher.Wanted> pieces(MountedTree tree) {
        Map<Block, PieceFetcher.Wanted> pieces = new LinkedHashMap<>();
        for (long node = MountedTree.ROOT; tree.has(node); node++) {
            if (tree.entry(node) instanceof FileEntry file) {
                FileShape shape = new FileShape(file);
                long number = node;
                for (int i = 0; i < shape.pieces(); i++) {
                    pieces.putIfAbsent(shape.block(i), new PieceFetcher.Wanted(shape.block(i), shape.length(i),
                            () -> tree.path(number)));
                }
            }
        }
        return pieces;
    }

    /** Only flists made before July 2020 have owners without numbers; these are in their own /etc/passwd and /etc/group. */
    private static OwnerNumbers owners(Flist flist, MountedTree tree, ChunkStore store) {
        for (long node = MountedTree.ROOT; tree.has(node); node++) {
            if (!OwnerNumbers.areKnown(tree.entry(node).permissions())) {
                return OwnerNumbers.of(text(flist, "etc/passwd", store), text(flist, "etc/group", store));
            }
        }
        return OwnerNumbers.of("", "");
    }

    private static String text(Flist flist, String name, ChunkStore store) {
        TreePath path = TreePath.of(name);
        try {
            if (flist.lookup(path).orElse(flist.root()) instanceof FileEntry file && file.size() <= LARGEST_NAMES) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                new FileContents(store).copy(path, file, out);
                return out.toString(StandardCharsets.UTF_8);
            }
        } catch (FlistException | StoreException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "owners named in {0} are shown as 1000: {1}", path, e.getMessage());
        }
        return "";
    }
}
