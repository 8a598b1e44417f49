package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.LinkEntry;
import zship.flist.SpecialEntry;
import zship.flist.TreePath;
import zship.flist.disk.BytePaths;
import zship.flist.disk.DiskFaults;
import zship.flist.store.ChunkStore;

/**
 * Turns an flist back into files. Every chunk is verified twice: as stored and as plain content.
 *
 * <p>Nothing is written outside the target: names hold no slashes and are never {@code ..}, and links are made last, when no
 * further file is opened.
 */
public final class Unpacker {
    private static final int THREADS = Math.max(8, Runtime.getRuntime().availableProcessors());

    private final ChunkStore store;
    private final LongConsumer written;

    /** An unpacker that takes chunks from {@code store}, which stays open. */
    public Unpacker(ChunkStore store) {
        this(store, bytes -> {
        });
    }

    /**
     * An unpacker that tells how far it is.
     *
     * @param written told by several threads how many bytes more of files are as they should be
     */
    public Unpacker(ChunkStore store, LongConsumer written) {
        this.store = store;
        this.written = written;
    }

    /**
     * Writes the whole tree below {@code target}, an empty or not yet existing directory. Owners are set when the process is
     * root; modes and times always. After a failure the target is incomplete; {@link #resume} completes it.
     *
     * @throws FlistException naming chunk and file when a chunk is missing or altered; naming the path when a file cannot be
     *         written
     * @throws zship.flist.store.StoreException when the store fails
     */
    public UnpackedTree unpack(Flist flist, Path target) {
        return unpack(flist, target, false);
    }

    /**
     * Goes on with what an interrupted {@link #unpack} of the same flist left. Pieces that are on disk and hash to their key are
     * kept, everything else is fetched.
     *
     * @throws FlistException when {@code target} holds something that the flist does not; otherwise as {@link #unpack}
     */
    public UnpackedTree resume(Flist flist, Path target) {
        return unpack(flist, target, true);
    }

    private UnpackedTree unpack(Flist flist, Path target, boolean resume) {
        try {
            Path root = prepare(target, resume);
            if (resume) {
                Remainder.check(flist.root(), root);
            }
            List<OutputFile> files = new ArrayList<>();
            makeDirectories(flist.root(), TreePath.ROOT, root, files);
            ContentWriter writer = new ContentWriter(store, THREADS, resume, written);
            writer.write(files);
            Finish finish = new Finish(OwnerNumbers.of(root), DiskOwner.in(root), !resume);
            finish.files(files);
            finish.tree(flist.root(), root);
            return result(flist, target, files, new Outcome(writer.keptBytes(), finish.skipped()));
        } catch (IOException e) {
            throw new FlistException(FlistException.Kind.FAILED, "unpack to " + target, DiskFaults.reason(e),
                    "check permissions and free space, then run the same command with --resume", e);
        }
    }

    private record Outcome(long kept, List<TreePath> skipped) {
    }

    private static UnpackedTree result(Flist flist, Path target, List<OutputFile> files, Outcome outcome) {
        List<TreePath> skipped = outcome.skipped;
        List<Entry> all = new ArrayList<>();
        flist.walk((path, entry) -> all.add(entry));
        List<TreePath> shortened = files.stream().filter(OutputFile::isShortened).map(OutputFile::path).toList();
        long bytes = files.stream().mapToLong(OutputFile::available).sum();
        return new UnpackedTree(target, files.size(), count(all, Directory.class), count(all, LinkEntry.class),
                count(all, SpecialEntry.class) - skipped.size(), bytes, outcome.kept, shortened, skipped);
    }

    private static int count(List<Entry> entries, Class<? extends Entry> kind) {
        return (int) entries.stream().filter(kind::isInstance).count();
    }

    private static Path prepare(Path target, boolean resume) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new FlistException(FlistException.Kind.FAILED, "unpack to " + target, "it is not a directory",
                    "name an empty or new directory");
        }
        Files.createDirectories(target);
        if (resume) {
            return target.toRealPath();
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(target)) {
            if (children.iterator().hasNext()) {
                throw new FlistException(FlistException.Kind.FAILED, "unpack to " + target,
                        "the directory is not empty",
                        "name an empty or new directory, or add --resume to go on with an interrupted unpack");
            }
        }
        return target.toRealPath();
    }

    private static void makeDirectories(Directory directory, TreePath path, Path disk, List<OutputFile> files)
            throws IOException {
        for (Entry entry : directory.entries()) {
            Path child = BytePaths.child(disk, entry.name().bytes());
            TreePath below = path.resolve(entry.name());
            if (entry instanceof Directory inner) {
                if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(child);
                }
                makeDirectories(inner, below, child, files);
            } else if (entry instanceof FileEntry file) {
                files.add(OutputFile.of(file, below, child));
            }
        }
    }
}
