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
import java.util.Optional;

import zship.flist.FlistException.Kind;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;
import zship.flist.format.MalformedFlistException;

/** Reads and writes flist files. */
final class FlistFile {
    private record Rows(FlistDatabase database, Optional<String> router) {
        static Rows read(InputStream in) throws IOException {
            FlistPackage outer = FlistPackage.read(in);
            return new Rows(FlistDatabase.parse(outer.database()), outer.router());
        }
    }

    private FlistFile() {
    }

    static Flist read(Path file) {
        String what = "read the flist " + file;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            // The file's bytes are let go of before the tree is made.
            Rows rows = Rows.read(in);
            return new Flist(TreeDecoder.decode(rows.database.entries()), rows.database.metadata(), rows.router);
        } catch (NoSuchFileException e) {
            throw new FlistException(Kind.NOT_FOUND, what, "there is no such file", "check the path", e);
        } catch (MalformedFlistException e) {
            throw new FlistException(Kind.DAMAGED, what, DiskFaults.reason(e), "download or pack the flist again", e);
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, what, DiskFaults.reason(e), "check that the file is readable", e);
        }
    }

    static String write(Flist flist, Path file) {
        byte[] database = FlistDatabase.toFile(TreeEncoder.encode(flist.root()), flist.sortedMetadata());
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
