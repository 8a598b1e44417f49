package zship.flist.format;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

import org.jspecify.annotations.Nullable;

import zship.flist.tar.MalformedTarException;
import zship.flist.tar.TarMember;
import zship.flist.tar.TarReader;
import zship.flist.tar.UstarWriter;

/**
 * The outer layer of an flist: a tar, normally compressed with gzip, with the database and optionally a routing table.
 *
 * <p>Reading takes what zflist or g8ufs take: one or several gzip members, an uncompressed tar, archives without end blocks,
 * member names with or without {@code ./}, other members beside (ignored, never written anywhere). Writing makes what all of
 * them take: one gzip member, ustar, {@code ./flistdb.sqlite3} first, no pax records, end blocks. Measured on zflist 2.3.0 and
 * g8ufs.
 *
 * @param database the SQLite file
 * @param router the text of {@code router.yaml}, where nodes find the chunks
 */
public record FlistPackage(byte[] database, Optional<String> router) {
    /** The most bytes that an archive may hold when it is no longer compressed. */
    public static final long LARGEST = 4L << 30;

    private static final String DATABASE = "flistdb.sqlite3";
    private static final String ROUTER = "router.yaml";
    /** The tree takes several times the space of the database it is in, so a part of the memory is what can be read. */
    private static final int HEAP_PER_BYTE = 6;
    private static final int LARGEST_DATABASE = 1 << 30;
    private static final int MAX_DATABASE = (int) Math.min(LARGEST_DATABASE,
            Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE);
    private static final int MAX_ROUTER = 1 << 20;
    private static final int MAX_MEMBERS = 10_000;
    private static final int BUFFER = 1 << 16;

    /**
     * Reads a package.
     *
     * @throws MalformedFlistException when it is damaged or no flist
     * @throws LargeFlistException when there is not the memory for it
     */
    public static FlistPackage read(InputStream in) throws IOException {
        try (TarReader tar = new TarReader(uncompressed(new BufferedInputStream(in, BUFFER)))) {
            return read(tar);
        } catch (MalformedFlistException e) {
            throw e;
        } catch (ZipException | MalformedTarException | EOFException e) {
            throw new MalformedFlistException(e.getMessage() == null ? "the file is cut short" : e.getMessage(), e);
        }
    }

    /**
     * A database that is complete, without a routing table, as {@link #read} would give it.
     *
     * @throws LargeFlistException when there is not the memory for it
     */
    public static FlistPackage of(FlistDatabaseFile database) throws IOException {
        bound(database.size());
        return new FlistPackage(database.bytes(), Optional.empty());
    }

    /** Whether {@link #read} has the memory for what {@link #write} makes of a database. */
    public static boolean canBeRead(FlistDatabaseFile database) throws IOException {
        return database.size() <= MAX_DATABASE;
    }

    /** Writes a package. The same database and routing table give the same bytes. */
    public static void write(FlistDatabaseFile database, Optional<String> router, OutputStream out)
            throws IOException {
        write(database.size(), database::writeTo, router, out);
    }

    /** Writes this package, like {@link #write(FlistDatabaseFile, Optional, OutputStream)}. */
    public void write(OutputStream out) throws IOException {
        write(database.length, body -> body.write(database), router, out);
    }

    private static void write(long size, UstarWriter.Content database, Optional<String> router, OutputStream out)
            throws IOException {
        GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER);
        UstarWriter tar = new UstarWriter(gzip);
        tar.file("./" + DATABASE, size, 0, database);
        if (router.isPresent()) {
            tar.file("./" + ROUTER, router.get().getBytes(StandardCharsets.UTF_8), 0);
        }
        tar.finish();
        gzip.finish();
    }

    private static InputStream uncompressed(BufferedInputStream in) throws IOException {
        byte[] magic = magic(in);
        if (magic.length == 0) {
            throw new MalformedFlistException("the file is empty");
        }
        if (isGzip(in)) {
            return new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER);
        }
        refuse(magic, "bzip2", 'B', 'Z', 'h');
        refuse(magic, "xz", 0xfd, '7', 'z', 'X', 'Z');
        refuse(magic, "zstd", 0x28, 0xb5, 0x2f, 0xfd);
        refuse(magic, "zip", 'P', 'K', 3, 4);
        return in;
    }

    /** Whether gzip has compressed it. */
    static boolean isGzip(BufferedInputStream in) throws IOException {
        return startsWith(magic(in), 0x1f, 0x8b);
    }

    private static byte[] magic(BufferedInputStream in) throws IOException {
        in.mark(8);
        byte[] magic = in.readNBytes(6);
        in.reset();
        return magic;
    }

    private static void refuse(byte[] magic, String format, int... wanted) throws MalformedFlistException {
        if (startsWith(magic, wanted)) {
            throw new MalformedFlistException(
                    "the file is " + format + ", but flists are gzip-compressed tar archives");
        }
    }

    private static boolean startsWith(byte[] bytes, int... wanted) {
        if (bytes.length < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((bytes[i] & 0xff) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads a package to its end that is no longer compressed. */
    static FlistPackage read(TarReader tar) throws IOException {
        byte @Nullable [] database = null;
        Optional<String> router = Optional.empty();
        long total = 0;
        int members = 0;
        for (Optional<TarMember> next = tar.next(); next.isPresent(); next = tar.next()) {
            TarMember member = next.get();
            total += member.size();
            if (++members > MAX_MEMBERS || total > LARGEST) {
                throw new MalformedFlistException("the archive holds more than a database and a routing table");
            }
            String name = topLevelName(member);
            if (name.equals(DATABASE) && database == null) {
                database = database(member, tar);
            } else if (name.equals(ROUTER) && router.isEmpty()) {
                router = Optional.of(new String(tar.readAll(MAX_ROUTER), StandardCharsets.UTF_8));
            }
        }
        tar.finish();
        if (database == null) {
            throw new MalformedFlistException("the archive has no member " + DATABASE);
        }
        return new FlistPackage(database, router);
    }

    private static byte[] database(TarMember member, TarReader tar) throws IOException {
        if (member.size() > LARGEST_DATABASE) {
            throw new MalformedFlistException("the member " + DATABASE + " has " + member.size() + " bytes, at most "
                    + LARGEST_DATABASE + " can be read");
        }
        bound(member.size());
        return tar.readAll(MAX_DATABASE);
    }

    private static void bound(long size) throws LargeFlistException {
        if (size > MAX_DATABASE) {
            throw new LargeFlistException(size, MAX_DATABASE, size * (HEAP_PER_BYTE + 1));
        }
    }

    /** The name of a regular file at the top of the archive, else an empty text. */
    private static String topLevelName(TarMember member) {
        if (member.type() != TarMember.Type.FILE) {
            return "";
        }
        byte[] name = member.name();
        boolean dotted = name.length > 2 && name[0] == '.' && name[1] == '/';
        return new String(dotted ? Arrays.copyOfRange(name, 2, name.length) : name, StandardCharsets.ISO_8859_1);
    }
}
