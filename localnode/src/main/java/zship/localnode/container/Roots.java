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
import zship.flist.disk.ChangingTree;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.flist.unpack.Unpacker;
import zship.localnode.mount.RootMode;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;

/**
 * The files of flists, one folder each, named by the SHA-256 of the flist file: mounted, so that they are fetched when they are
 * read, or unpacked where that is wanted or mounting does not work. An unpacked root is complete or not there: it is unpacked
 * beside its place and moved. Containers use both read-only.
 */
final class Roots {

    private static final System.Logger LOG = System.getLogger(Roots.class.getName());
    private static final String TEMPORARY = ".new-";
    private static final int KEPT = 3;

    /**
     * An flist whose files can be used.
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
    private final RootMounts mounts;
    private final RootMode mode;

    Roots(Path directory, Clock clock, RootMounts mounts, RootMode mode) throws IOException {
        this.directory = PrivateFiles.createDirectories(directory);
        this.clock = clock;
        this.mounts = mounts;
        this.mode = mode;
        for (Path entry : entries()) {
            if (entry.getFileName().toString().startsWith(TEMPORARY)) {
                PrivateFiles.deleteTree(entry);
            }
        }
    }

    /** Fetches the flist and mounts or unpacks it unless that was done before. */
    Root obtain(String root, String storage) throws RootException, InterruptedException {
        Path file = directory.resolve(TEMPORARY + serial.incrementAndGet() + ".flist");
        try {
            String sha256 = source.fetch(root, file);
            FlistForm.normalise(root, file);
            ReentrantLock lock = locks.computeIfAbsent(sha256, name -> new ReentrantLock());
            lock.lockInterruptibly();
            try {
                Path tree = unpacked(sha256);
                if (!Files.isDirectory(tree)) {
                    Path flist = keep(file, sha256);
                    Optional<Path> mounted = mode == RootMode.FULL ? Optional.empty() : mount(flist, sha256, storage);
                    if (mounted.isEmpty()) {
                        unpack(flist, storage, directory.resolve(sha256));
                    }
                    tree = mounted.orElse(tree);
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

    /** Puts the flist file into its folder, unless it is there. */
    private Path keep(Path file, String sha256) throws IOException {
        Path flist = PrivateFiles.createDirectories(directory.resolve(sha256)).resolve("root.flist");
        return Files.exists(flist) ? flist : Files.move(file, flist, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The files of a root that was obtained before; empty when it is not there. */
    Optional<Path> tree(String sha256) throws IOException {
        if (!sha256.matches("[0-9a-f]{64}")) {
            return Optional.empty();
        }
        return Files.isDirectory(unpacked(sha256))
                ? Optional.of(unpacked(sha256))
                : mounted(directory.resolve(sha256)).stream()
                        .filter(place -> mounts.status(mountName(sha256, place)).isPresent()).findFirst();
    }

    private Path unpacked(String sha256) {
        return directory.resolve(sha256).resolve("tree");
    }

    /** The name of a mount, and its place below the folder of roots: one flist may come from several stores. */
    private static String mountName(String sha256, String storage) {
        return sha256 + "/mount-" + Integer.toHexString(storage.hashCode());
    }

    private static String mountName(String sha256, Path place) {
        return sha256 + "/" + place.getFileName();
    }

    /** Empty, and the reason in the log, when flists cannot be mounted here. */
    private Optional<Path> mount(Path flist, String sha256, String storage)
            throws RootException, IOException, InterruptedException {
        String name = mountName(sha256, storage);
        Path target = directory.resolve(name);
        String why;
        try {
            mounts.mount(name, flist, target, storage, mode == RootMode.PREFETCH);
            return Optional.of(target);
        } catch (MountRefusal refused) {
            if (refused.isDamaged()) {
                throw new RootException(refused.reason());
            }
            why = refused.reason();
        } catch (IOException broken) {
            why = String.valueOf(broken.getMessage());
        }
        LOG.log(System.Logger.Level.WARNING, "files are fetched before the start, not when they are read: {0}", why);
        return Optional.empty();
    }

    /** How much of a mounted root is on this machine; empty for an unpacked one, which is here completely. */
    Optional<MountState> state(String sha256, String storage) {
        return mounts.status(mountName(sha256, storage));
    }

    /** Whether a root that was in use before this process can go on being used. */
    boolean isUsable(String sha256) throws IOException {
        return tree(sha256).isPresent();
    }

    /** The process without which the files of a root cannot be read; empty for an unpacked one. */
    Optional<ProcessMark> server(String sha256) {
        return Files.isDirectory(unpacked(sha256)) ? Optional.empty() : mounts.server();
    }

    private void unpack(Path file, String storage, Path target) throws RootException, IOException {
        Path temporary = directory.resolve(TEMPORARY + serial.incrementAndGet() + ".root");
        try {
            PrivateFiles.createDirectories(temporary);
            Flist flist = Flist.open(file);
            try (ChunkStore store = ChunkStores.ofFlist(flist.router(), file, StoreUrl.of(storage),
                    fault -> LOG.log(System.Logger.Level.WARNING, fault.text()))) {
                new Unpacker(store).unpack(flist, temporary.resolve("tree"));
            }
            Files.move(file, temporary.resolve("root.flist"));
            unmountAll(target);
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
                unmountAll(old);
                PrivateFiles.deleteTree(old);
            }
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "unused roots stay: {0}", stuck.getMessage());
        }
    }

    private void unmountAll(Path root) throws IOException {
        for (Path place : mounted(root)) {
            mounts.unmount(mountName(root.getFileName().toString(), place));
        }
    }

    private static List<Path> mounted(Path root) throws IOException {
        List<Path> places = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(root, "mount-*")) {
                all.forEach(places::add);
            }
        }
        return places;
    }

    private static long lastUse(Path entry) {
        try {
            return Files.getLastModifiedTime(entry).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    private List<Path> entries() throws IOException {
        return ChangingTree.children(directory);
    }

    private static void discard(Path path) {
        try {
            PrivateFiles.deleteTree(path);
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.WARNING, "{0} stays: {1}", path, stuck.getMessage());
        }
    }
}
