package zship.flist.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

import zship.flist.disk.Descriptor;

/**
 * Waits until files and the names in folders are on the disk. Those of all threads that wait are dealt with together: while one
 * wait goes on, others gather for the next. Many are waited for with a single call for their whole file system.
 */
final class DiskSync implements AutoCloseable {
    /** Fewer are waited for one by one: what other programs have written meanwhile is none of our business. */
    private static final int MANY = 16;

    private final Path folder;
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final Object turn = new Object();
    private Optional<Descriptor> fileSystem = Optional.empty();

    private record Waiting(Collection<Path> paths, CompletableFuture<Void> done) {
    }

    /** For files below {@code folder}, which are all in its file system. */
    DiskSync(Path folder) {
        this.folder = folder;
    }

    /** Called before something is written that will be waited for: from then on every failure to write is told. */
    synchronized void watch() throws IOException {
        if (fileSystem.isEmpty()) {
            fileSystem = Optional.of(Descriptor.forReading(folder));
        }
    }

    /**
     * Waits for the contents of files, or for the names in folders.
     *
     * @throws IOException when some of them cannot be written, or some of those that other threads wait for
     */
    void await(Collection<Path> paths) throws IOException {
        Waiting mine = new Waiting(paths, new CompletableFuture<>());
        waiting.add(mine);
        synchronized (turn) {
            if (!mine.done.isDone()) {
                awaitGathered();
            }
        }
        try {
            mine.done.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        }
    }

    /** Waits like {@link #await}, but for these files or folders alone. */
    static void awaitEach(Collection<Path> paths) throws IOException {
        for (Path path : paths) {
            StandardOpenOption option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
            try (FileChannel channel = FileChannel.open(path, option)) {
                channel.force(true);
            }
        }
    }

    private void awaitGathered() {
        List<Waiting> round = new ArrayList<>();
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            round.add(next);
        }
        try {
            List<Path> paths = round.stream().flatMap(each -> each.paths.stream()).toList();
            Optional<Descriptor> whole = paths.size() < MANY ? Optional.empty() : opened();
            if (whole.isPresent()) {
                whole.get().syncFileSystem();
            } else {
                awaitEach(paths);
            }
            round.forEach(each -> each.done.complete(null));
        } catch (IOException | RuntimeException e) {
            round.forEach(each -> each.done.completeExceptionally(e));
        }
    }

    private synchronized Optional<Descriptor> opened() {
        return fileSystem;
    }

    @Override
    public synchronized void close() {
        fileSystem.ifPresent(Descriptor::close);
        fileSystem = Optional.empty();
    }
}
