package zship.localnode.hub;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The flists of all users: a folder per user, links are symbolic links beside their targets. A file is replaced in one step. */
final class Shelf {

    private static final String TEMPORARY = ".new-";

    private final Path directory;
    private final AtomicLong serial = new AtomicLong();

    Shelf(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    /** A new file for an upload, in the user's folder so that it can be moved into place. */
    Path temporary(String user) throws IOException {
        Files.createDirectories(directory.resolve(user));
        return directory.resolve(user)
                .resolve(TEMPORARY + ProcessHandle.current().pid() + "-" + serial.incrementAndGet());
    }

    /** Puts a complete file in its place. */
    void publish(String user, FlistName name, Path temporary) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, file(user, name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes or moves a link. */
    void link(String user, FlistName source, FlistName link) throws IOException, HubRefusal {
        if (find(user, source).isEmpty()) {
            throw new HubRefusal(404, "source not found");
        }
        Path target = file(user, link);
        if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new HubRefusal(409, "link destination is already a file");
        }
        Path temporary = temporary(user);
        Files.createSymbolicLink(temporary, Path.of(source.text()));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    boolean delete(String user, FlistName name) throws IOException {
        return Files.deleteIfExists(file(user, name));
    }

    /** Renames a flist or a link; nothing that has the new name is replaced. */
    synchronized void rename(String user, FlistName source, FlistName name) throws IOException, HubRefusal {
        if (!Files.exists(file(user, source), LinkOption.NOFOLLOW_LINKS)) {
            throw new HubRefusal(404, "source not found");
        }
        if (Files.exists(file(user, name), LinkOption.NOFOLLOW_LINKS)) {
            throw new HubRefusal(409, "destination already exists");
        }
        Files.move(file(user, source), file(user, name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** All users that have a folder, sorted. */
    List<String> users() throws IOException {
        List<String> users = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                if (FlistName.isUser(entry.getFileName().toString())) {
                    users.add(entry.getFileName().toString());
                }
            }
        }
        users.sort(null);
        return users;
    }

    /** When something in a user's folder was added or removed last, seconds since 1970. */
    long updated(String user) throws IOException {
        return Files.getLastModifiedTime(directory.resolve(user)).toMillis() / 1000;
    }

    boolean hasUser(String user) {
        return Files.isDirectory(directory.resolve(user));
    }

    /** The file of a name; a link counts when its target is there. */
    Optional<Path> find(String user, FlistName name) {
        return Optional.of(file(user, name)).filter(Files::isRegularFile);
    }

    private Path file(String user, FlistName name) {
        return directory.resolve(user).resolve(name.text());
    }

    /** Names of a user's flists and links, sorted. */
    List<FlistName> list(String user) throws IOException {
        List<FlistName> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.resolve(user), "*.flist")) {
            for (Path entry : entries) {
                FlistName.of(entry.getFileName().toString()).ifPresent(names::add);
            }
        }
        names.sort((first, second) -> first.text().compareTo(second.text()));
        return names;
    }

    /** MD5 of a file in hexadecimal, the hub's transport check. */
    static String md5(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return String.format("%032x", new BigInteger(1, digest.digest()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }
}
