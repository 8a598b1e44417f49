package zship.localnode.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.flist.unpack.Unpacker;
import zship.localnode.process.PrivateFiles;

/**
 * Unpacked flists, one folder each, named by the SHA-256 of the flist file. A root is complete or not there: it is unpacked
 * beside its place and moved. Containers use it read-only.
 */
final class Roots {

    private static final System.Logger LOG = System.getLogger(Roots.class.getName());
    private static final String TEMPORARY = ".new-";
    private static final int KEPT = 3;

    /**
     * An unpacked flist.
     *
     * @param sha256 of the flist file
     * @param tree   its files
     */
    record Root(String sha256, Path tree) {
    }

    private final Path directory;
    private final Clock clock;
    private final FlistSource source = new FlistSource();
    private final AtomicLong serial = new AtomicLong();
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Roots(Path directory, Clock clock) throws IOException {
        this.directory = PrivateFiles.createDirectories(directory);
        this.clock = clock;
        for (Path entry : entries()) {
            if (entry.getFileName().toString().startsWith(TEMPORARY)) {
                PrivateFiles.deleteTree(entry);
            }
        }
    }

    /** Fetches the flist and unpacks it unless that was done before. */
    Root obtain(String root, String storage) throws RootException, InterruptedException {
        Path file = directory.resolve(TEMPORARY + serial.incrementAndGet() + ".flist");
        try {
            String sha256 = source.fetch(root, file);
            FlistForm.normalise(root, file);
            ReentrantLock lock = locks.computeIfAbsent(sha256, name -> new ReentrantLock());
            lock.lockInterruptibly();
            try {
                Path tree = directory.resolve(sha256).resolve("tree");
                if (!Files.isDirectory(tree)) {
                    unpack(file, storage, directory.resolve(sha256));
                }
                Files.setLastModifiedTime(directory.resolve(sha256), FileTime.from(clock.instant()));
                return new Root(sha256, tree);
            } finally {
                lock.unlock();
            }
        } catch (IOException broken) {
            throw new RootException(String.valueOf(broken.getMessage()));
        } finally {
            discard(file);
        }
    }

    /** The files of a root that was obtained before; empty when it is not there. */
    Optional<Path> tree(String sha256) {
        return sha256.matches("[0-9a-f]{64}")
                ? Optional.of(directory.resolve(sha256).resolve("tree")).filter(Files::isDirectory)
                : Optional.empty();
    }

    private void unpack(Path file, String storage, Path target) throws RootException, IOException {
        Path temporary = directory.resolve(TEMPORARY + serial.incrementAndGet() + ".root");
        try {
            PrivateFiles.createDirectories(temporary);
            Flist flist = Flist.open(file);
            try (ChunkStore store = ChunkStores.open(StoreUrl.of(storage))) {
                new Unpacker(store).unpack(flist, temporary.resolve("tree"));
            }
            Files.move(file, temporary.resolve("root.flist"));
            PrivateFiles.deleteTree(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FlistException refused) {
            throw new RootException(refused.what() + ": " + refused.why());
        } catch (StoreException refused) {
            throw new RootException(refused.what() + ": " + refused.why());
        } finally {
            discard(temporary);
        }
    }

    /** Removes the roots that no container uses, but for those used last. */
    void prune(Set<String> used) {
        try {
            List<Path> idle = new ArrayList<>();
            for (Path entry : entries()) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(TEMPORARY) && !used.contains(name)) {
                    idle.add(entry);
                }
            }
            idle.sort(Comparator.comparingLong(Roots::lastUse).reversed());
            for (Path old : idle.subList(Math.min(KEPT, idle.size()), idle.size())) {
                PrivateFiles.deleteTree(old);
            }
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "unused roots stay: {0}", stuck.getMessage());
        }
    }

    private static long lastUse(Path entry) {
        try {
            return Files.getLastModifiedTime(entry).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    private List<Path> entries() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(entries::add);
        }
        return entries;
    }

    private static void discard(Path path) {
        try {
            PrivateFiles.deleteTree(path);
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "{0} stays: {1}", path, stuck.getMessage());
        }
    }
}
