package zship.flist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import zship.flist.FlistException.Kind;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.format.FlistDatabaseFile;
import zship.flist.format.FlistPackage;

/**
 * Writes an flist directory by directory, so that no more than one of them has to be in memory. The same directories in the same
 * order give the same bytes; {@link Flist#walk} has the order that others use.
 */
public final class FlistWriter implements AutoCloseable {
    private final FlistDatabaseFile database;
    private final TreeEncoder encoder;

    /**
     * An flist without directories.
     *
     * @throws FlistException of kind FAILED when there is no room for temporary files
     */
    public FlistWriter() {
        try {
            this.database = FlistDatabaseFile.create();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
        this.encoder = new TreeEncoder(database);
    }

    /**
     * Adds a directory without what is in those below it, which come one by one.
     *
     * @param path where it is
     * @param attributes its own
     * @param entries what is in it, in the order of their names; may be made each time they are asked for
     * @throws FlistException of kind FAILED when there is no room for temporary files
     */
    public void add(TreePath path, Attributes attributes, List<Entry> entries) {
        try {
            encoder.add(path, attributes, entries);
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    /**
     * Adds the metadata, after the last directory.
     *
     * @return whether {@link Flist#open} has the memory for the flist
     * @throws FlistException of kind FAILED when there is no room for temporary files
     */
    public boolean complete(Map<String, String> metadata) {
        try {
            database.finish(new TreeMap<>(metadata));
            return FlistPackage.canBeRead(database);
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    /**
     * Writes the complete flist in one step: readers see the old file or the new one.
     *
     * @param router the text of {@code router.yaml}
     * @return the SHA-256 of the file, 64 hex digits
     * @throws FlistException of kind FAILED when it cannot be written
     */
    public String write(Path file, Optional<String> router) {
        MessageDigest sha256 = sha256();
        try {
            Destination.of(file).replace(out -> {
                OutputStream digested = new DigestOutputStream(out, sha256);
                FlistPackage.write(database, router, digested);
                digested.flush();
            });
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, "write the flist " + file, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the directory exists, is writable and has space left"), e);
        }
    }

    /**
     * The complete flist as {@link Flist#open} would read it, without metadata and routing table.
     *
     * @throws FlistException of kind FAILED when there is not the memory for it
     */
    public Flist readBack() {
        return FlistFile.read("read the tree again", () -> FlistPackage.of(database));
    }

    @Override
    public void close() {
        try {
            database.close();
        } catch (IOException e) {
            throw FlistException.scratch(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
