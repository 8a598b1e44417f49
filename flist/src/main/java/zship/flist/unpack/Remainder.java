package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.FlistException;
import zship.flist.Name;
import zship.flist.disk.BytePaths;
import zship.flist.disk.FileStatus;

/**
 * What an interrupted run left on disk. Only directories and regular files of the flist may stay; links and special files are
 * made again at the end, so that no path leads through a link while files are written.
 */
final class Remainder {
    private static final int OWNER_ALL = 0700;
    private static final int OWNER_READS_AND_WRITES = 0600;

    private Remainder() {
    }

    /**
     * Prepares {@code disk} for being completed.
     *
     * @throws FlistException when something there has no place in {@code directory}, before anything is changed beside it
     */
    static void check(Directory directory, Path disk) throws IOException {
        Files.setAttribute(disk, "unix:mode", FileStatus.of(disk).mode() | OWNER_ALL, LinkOption.NOFOLLOW_LINKS);
        try (DirectoryStream<Path> children = Files.newDirectoryStream(disk)) {
            for (Path child : children) {
                Name name = Name.of(BytePaths.name(child));
                check(directory.find(name), child);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void check(Optional<Entry> entry, Path disk) throws IOException {
        int type = FileStatus.of(disk).type();
        if (entry.isEmpty() || type == FileStatus.DIRECTORY != entry.get() instanceof Directory) {
            throw new FlistException(FlistException.Kind.FAILED, "resume unpacking over " + disk,
                    entry.isEmpty() ? "the flist has no such entry" : "the flist has something of another kind there",
                    "unpack to an empty or new directory");
        }
        if (entry.get() instanceof Directory below) {
            check(below, disk);
        } else if (entry.get() instanceof FileEntry && type == FileStatus.REGULAR && isOnlyName(disk)) {
            Files.setAttribute(disk, "unix:mode", OWNER_READS_AND_WRITES, LinkOption.NOFOLLOW_LINKS);
        } else {
            Files.delete(disk);
        }
    }

    /** A file with a second name may be somebody else's. */
    private static boolean isOnlyName(Path disk) throws IOException {
        return Integer.valueOf(1).equals(Files.getAttribute(disk, "unix:nlink", LinkOption.NOFOLLOW_LINKS));
    }
}
