package zship.flist;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import zship.flist.FlistException.Kind;
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
        Path target = replaced(file);
        Path temporary = target
                .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            String sha256 = writeSynced(outer, target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            syncDirectory(target);
            return sha256;
        } catch (IOException e) {
            discard(temporary, e);
            throw new FlistException(Kind.FAILED, "write the flist " + file, DiskFaults.reason(e),
                    "check that the directory exists, is writable and has space left", e);
        }
    }

    /** What is written: the file itself where the name is a link to one. */
    private static Path replaced(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException fresh) {
            return file.toAbsolutePath();
        }
    }

    /** Who could not read the file before cannot read the one in its place. */
    private static String writeSynced(FlistPackage outer, Path target, Path temporary) throws IOException {
        MessageDigest sha256 = sha256();
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            if (Files.isRegularFile(target)) {
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
            }
            OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), sha256);
            outer.write(out);
            out.flush();
            channel.force(true);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static void syncDirectory(Path target) throws IOException {
        Path directory = target.getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void discard(Path temporary, IOException cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
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
