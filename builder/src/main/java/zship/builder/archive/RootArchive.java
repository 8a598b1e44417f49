package zship.builder.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

import zship.builder.root.RootEntry;
import zship.builder.root.RootTree;

/**
 * Writes a root as a tar.gz whose bytes depend on nothing but the root and one time: entries in the root's order, the
 * same time on each, numeric owners without names, no extended headers, and a gzip header without name or time.
 */
public final class RootArchive {

    /** The latest time that an archive can hold, in seconds since 1970: eleven octal digits. */
    public static final long LATEST = UstarWriter.MAX_SIZE;

    private RootArchive() {
    }

    /**
     * Writes {@code tree} to {@code file}, which appears only when it is whole and on the disk.
     *
     * @param time modification time of every entry
     */
    public static void write(RootTree tree, Instant time, Path file) throws IOException {
        AtomicFile.write(file, out -> {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out, 1 << 16)) {
                writeTar(tree, time, gzip);
            }
        });
    }

    private static void writeTar(RootTree tree, Instant time, OutputStream out) throws IOException {
        UstarWriter tar = new UstarWriter(new BufferedOutputStream(out, 1 << 16), time.getEpochSecond());
        for (RootEntry entry : tree.entries()) {
            tar.write(entry);
        }
        tar.finish();
    }
}
