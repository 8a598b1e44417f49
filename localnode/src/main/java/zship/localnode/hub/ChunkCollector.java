package zship.localnode.hub;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.chunk.ChunkId;
import zship.flist.disk.ChangingTree;
import zship.localnode.store.StoredChunks;
import zship.localnode.store.StoredChunks.Stored;

/**
 * Removes chunks that no flist names. Nothing is published while it works, and a chunk that somebody wrote or asked for lately
 * stays, as its flist may be on its way. One that goes all the same before its flist is published is noticed by the check of the
 * upload, never later.
 */
final class ChunkCollector {
    private static final String ENDING = ".flist";
    private static final int DEPTH = 3;
    private static final Pattern ROOT = Pattern.compile("[0-9a-f]{64}");

    private final Shelf shelf;
    private final HubStore store;
    private final Clock clock;

    /**
     * What was found, and removed unless it was only looked for.
     *
     * @param flists that were read
     * @param needed chunks that stay because an flist names them
     * @param young chunks that stay because they are new, or were asked for lately
     * @param unneeded chunks that nothing names
     * @param bytes of those, as stored
     */
    record Found(int flists, int needed, int young, List<ChunkId> unneeded, long bytes) {
    }

    ChunkCollector(Shelf shelf, HubStore store, Clock clock) {
        this.shelf = shelf;
        this.store = store;
        this.clock = clock;
    }

    /**
     * Collects.
     *
     * @param dryRun only tell
     * @param age how long nobody must have wanted a chunk
     * @param kept chunks that stay in any case
     */
    Found collect(boolean dryRun, Duration age, Set<ChunkId> kept) throws IOException, HubRefusal {
        StoredChunks stored = store.stored().orElseThrow(() -> new HubRefusal(501,
                "this hub's store does not list its chunks, so none can be removed"));
        return shelf.alone(() -> {
            Set<ChunkId> needed = new HashSet<>(kept);
            int flists = read(shelf.folder(), needed);
            for (Path other : store.others()) {
                flists += readRoots(other, needed);
            }
            Instant since = clock.instant().minus(age);
            List<Stored> unneeded = new ArrayList<>();
            int[] stay = new int[2];
            stored.forEach(chunk -> {
                if (needed.contains(chunk.id())) {
                    stay[0]++;
                } else if (chunk.wanted().isBefore(since)) {
                    unneeded.add(chunk);
                } else {
                    stay[1]++;
                }
            });
            List<ChunkId> gone = new ArrayList<>();
            long bytes = 0;
            for (Stored chunk : unneeded) {
                if (dryRun || stored.removeUnwanted(chunk.id(), since)) {
                    gone.add(chunk.id());
                    bytes += chunk.bytes();
                }
            }
            return new Found(flists, stay[0], stay[1], gone, bytes);
        });
    }

    /** Adds the chunks of all flists below a folder. One that cannot be read could need any chunk, so then none goes. */
    private static int read(Path folder, Set<ChunkId> needed) throws IOException, HubRefusal {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        Set<Path> read = new HashSet<>();
        try {
            ChangingTree.visit(folder, DEPTH, (file, attributes) -> {
                if (attributes.isRegularFile() && isPublished(file) && read.add(file.toRealPath())) {
                    needed.addAll(Flist.open(file).chunkIds());
                }
            }, FileVisitOption.FOLLOW_LINKS);
        } catch (FlistException damaged) {
            throw unreadable(damaged);
        }
        return read.size();
    }

    /**
     * Adds the chunks of the flists of containers' roots. Beside each are its files, which containers write: those are not looked
     * at, and no link is followed.
     */
    private static int readRoots(Path folder, Set<ChunkId> needed) throws IOException, HubRefusal {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        int flists = 0;
        try (DirectoryStream<Path> roots = Files.newDirectoryStream(folder, ChunkCollector::isRoot)) {
            for (Path root : roots) {
                Path file = root.resolve("root.flist");
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    needed.addAll(Flist.open(file).chunkIds());
                    flists++;
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        } catch (FlistException damaged) {
            throw unreadable(damaged);
        }
        return flists;
    }

    private static boolean isRoot(Path folder) {
        return ROOT.matcher(folder.getFileName().toString()).matches()
                && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    }

    private static HubRefusal unreadable(FlistException damaged) {
        return new HubRefusal(409, "nothing was removed: " + damaged.what() + ": " + damaged.why());
    }

    private static boolean isPublished(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".new-");
    }
}
