package zship.flist;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import zship.flist.FlistException.Kind;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;
import zship.flist.format.MalformedFlistException;

/** Reads and writes flist files. */
final class FlistFile {
    private FlistFile() {
    }

    static Flist read(Path file) {
        String what = "read the flist " + file;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            FlistPackage outer = FlistPackage.read(in);
            FlistDatabase database = FlistDatabase.parse(outer.database());
            return new Flist(TreeDecoder.decode(database.entries()), database.metadata(), outer.router());
        } catch (NoSuchFileException e) {
            throw new FlistException(Kind.NOT_FOUND, what, "there is no such file", "check the path", e);
        } catch (MalformedFlistException e) {
            throw new FlistException(Kind.DAMAGED, what, DiskFaults.reason(e), "download or pack the flist again", e);
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, what, DiskFaults.reason(e), "check that the file is readable", e);
        }
    }

    static String write(Flist flist, Path file) {
        byte[] database = new FlistDatabase(TreeEncoder.encode(flist.root()), flist.sortedMetadata()).toFile();
        FlistPackage outer = new FlistPackage(database, flist.router());
        if (!outer.canBeRead()) {
            throw new FlistException(Kind.FAILED, "write the flist " + file,
                    "its tree takes " + database.length + " bytes, more than can be read back", "pack a smaller tree");
        }
        MessageDigest sha256 = sha256();
        try {
            Destination.of(file).replace(out -> {
                OutputStream digested = new DigestOutputStream(out, sha256);
                outer.write(digested);
                digested.flush();
            });
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, "write the flist " + file, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the directory exists, is writable and has space left"), e);
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
