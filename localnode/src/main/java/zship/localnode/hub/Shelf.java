package zship.localnode.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The flists of all users: a folder per user, links are symbolic links, a tag is a folder {@code .tag-NAME} of links. A file
 * is replaced in one step, and what has a name already is never replaced by something of another kind.
 */
final class Shelf {

    /** Begin of the folder of a tag. */
    static final String TAG = ".tag-";
    private static final String TEMPORARY = ".new-";
    private static final Pattern OWNER = Pattern.compile("\\.?\\.new-(\\d{1,10})-.*");

    private final Path directory;
    private static final int LINKS = 20;
    private static final long PAUSE_MILLIS = 20;
    private static final int PAUSES = 500;

    private final AtomicLong serial = new AtomicLong();
    private final ReentrantReadWriteLock publishing = new ReentrantReadWriteLock();

    /** Something that reads or changes what is here. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException, HubRefusal;
    }

    Shelf(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
    }

    /** Where everything is. */
    Path folder() {
        return directory;
    }

    /** Checks and publishes while no chunk is removed. */
    <T> T publishing(Work<T> work) throws IOException, HubRefusal {
        publishing.readLock().lock();
        try {
            return work.run();
        } finally {
            publishing.readLock().unlock();
        }
    }

    /** Does something while nothing is published; gives up when somebody always is publishing, rather than making them wait. */
    <T> T alone(Work<T> work) throws IOException, HubRefusal {
        for (int i = 0; !publishing.writeLock().tryLock(); i++) {
            if (i == PAUSES) {
                throw new HubRefusal(503, "something is being published all the time: try again");
            }
            LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000);
        }
        try {
            return work.run();
        } finally {
            publishing.writeLock().unlock();
        }
    }

    /** A new file for an upload, in the user's folder so that it can be moved into place. */
    Path temporary(String user) throws IOException {
        Files.createDirectories(directory.resolve(user));
        return directory.resolve(user)
                .resolve(TEMPORARY + ProcessHandle.current().pid() + "-" + serial.incrementAndGet());
    }

    /** Removes what uploads left behind whose process has ended. */
    void removeLeftovers() throws IOException {
        for (String user : users()) {
            // With a second dot: what is written before it becomes such a file.
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory.resolve(user),
                    "{,.}" + TEMPORARY + "*")) {
                for (Path file : left) {
                    Matcher owner = OWNER.matcher(file.getFileName().toString());
                    long pid = owner.matches() ? Long.parseLong(owner.group(1)) : -1;
                    // In a container every hub may have the same number, and this one has begun nothing yet.
                    if (pid < 0 || pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    /** Puts a complete file in its place, replacing one of that name. */
    synchronized void publish(String user, FlistName name, Path temporary) throws IOException, HubRefusal {
        Path target = file(user, name);
        if (Files.isSymbolicLink(target)) {
            throw new HubRefusal(409, "a link has this name");
        }
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        sync(directory.resolve(user));
    }

    /** Refuses when something has the name. */
    void requireFree(String user, FlistName name) throws HubRefusal {
        if (Files.exists(file(user, name), LinkOption.NOFOLLOW_LINKS)) {
            throw new HubRefusal(409, "destination already exists");
        }
    }

    /** Like {@link #publish}, but replaces nothing. */
    synchronized void publishNew(String user, FlistName name, Path temporary) throws IOException, HubRefusal {
        requireFree(user, name);
        publish(user, name, temporary);
    }

    /** Makes or moves a link to an flist of the same user. */
    void link(String user, FlistName source, FlistName link) throws IOException, HubRefusal {
        requireSource(user, source);
        point(user, directory.resolve(user), link.text(), Path.of(source.text()));
    }

    /** Makes or moves a link to an flist of any user. */
    void crosslink(String user, FlistName link, String owner, FlistName source) throws IOException, HubRefusal {
        if (!hasUser(owner)) {
            throw new HubRefusal(404, "source repository not found");
        }
        requireSource(owner, source);
        point(user, directory.resolve(user), link.text(), Path.of("..", owner, source.text()));
    }

    /** Puts a link into a tag, which is made when it is not there. */
    synchronized void tag(String user, String tag, FlistName link, String owner, FlistName source)
            throws IOException, HubRefusal {
        requireSource(owner, source);
        Path folder = directory.resolve(user).resolve(TAG + tag);
        Files.createDirectories(folder);
        point(user, folder, link.text(), Path.of("..", "..", owner, source.text()));
    }

    /** Takes a link out of a tag; an empty tag is removed. */
    synchronized void untag(String user, String tag, FlistName link) throws IOException, HubRefusal {
        Path folder = directory.resolve(user).resolve(TAG + tag);
        if (!Files.deleteIfExists(folder.resolve(link.text()))) {
            throw new HubRefusal(404, "target not found on this tag");
        }
        if (entries(folder).isEmpty()) {
            Files.delete(folder);
        }
    }

    /** Makes or moves a link to a whole tag. */
    void crosstag(String user, String link, String owner, String tag) throws IOException, HubRefusal {
        if (!Files.isDirectory(directory.resolve(owner).resolve(TAG + tag))) {
            throw new HubRefusal(404, "source tag not found");
        }
        point(user, directory.resolve(user), link, Path.of("..", owner, TAG + tag));
    }

    private synchronized void point(String user, Path folder, String link, Path target) throws IOException, HubRefusal {
        Path place = folder.resolve(link).normalize();
        requireElsewhere(place, folder.resolve(target).normalize());
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(place)) {
            throw new HubRefusal(409, "link destination is already a file");
        }
        Path temporary = temporary(user);
        Files.createSymbolicLink(temporary, target);
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    /** A link that leads to itself, also by way of others, would be lost with what it was. */
    private static void requireElsewhere(Path place, Path target) throws IOException, HubRefusal {
        Path next = target;
        for (int i = 0; i < LINKS; i++) {
            if (next.equals(place)) {
                throw new HubRefusal(409, "the link would lead to itself");
            }
            if (!Files.isSymbolicLink(next)) {
                return;
            }
            next = next.resolveSibling(Files.readSymbolicLink(next)).normalize();
        }
        throw new HubRefusal(409, "too many links lead to each other");
    }

    private void requireSource(String user, FlistName source) throws HubRefusal {
        if (!hasUser(user)) {
            throw new HubRefusal(404, "user not found");
        }
        if (find(user, source).isEmpty()) {
            throw new HubRefusal(404, "source not found");
        }
    }

    /** Removes a flist, a link, or a link to a tag; never a tag. */
    synchronized boolean delete(String user, String text) throws IOException, HubRefusal {
        if (tagLink(user, text).isPresent()) {
            return Files.deleteIfExists(directory.resolve(user).resolve(text));
        }
        FlistName name = FlistName.of(text).orElseThrow(() -> new HubRefusal(400, "this name is not allowed"));
        return Files.deleteIfExists(file(user, name));
    }

    /** Renames a flist or a link; nothing that has the new name is replaced. */
    synchronized void rename(String user, FlistName source, FlistName name) throws IOException, HubRefusal {
        if (!Files.exists(file(user, source), LinkOption.NOFOLLOW_LINKS)) {
            throw new HubRefusal(404, "source not found");
        }
        requireFree(user, name);
        Files.move(file(user, source), file(user, name), StandardCopyOption.ATOMIC_MOVE);
        sync(directory.resolve(user));
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
        return FlistName.isUser(user) && Files.isDirectory(directory.resolve(user));
    }

    /** The file of a name; a link counts when its target is there. */
    Optional<Path> find(String user, FlistName name) {
        return Optional.of(file(user, name)).filter(Files::isRegularFile);
    }

    /** The file or the link of a name, also one that leads nowhere. */
    Optional<Path> entry(String user, FlistName name) {
        return Optional.of(file(user, name)).filter(it -> Files.exists(it, LinkOption.NOFOLLOW_LINKS));
    }

    /** The file that a link in a tag leads to. */
    Optional<Path> findTagged(String user, String tag, FlistName name) {
        return tagFolder(user, tag).map(it -> it.resolve(name.text())).filter(Files::isRegularFile);
    }

    /** The folder of a tag. */
    Optional<Path> tagFolder(String user, String tag) {
        return Optional.of(tag).filter(it -> hasUser(user) && FlistName.isUser(it))
                .map(it -> directory.resolve(user).resolve(TAG + it)).filter(Files::isDirectory);
    }

    /** Where a link to a tag leads, as the link has it. */
    Optional<Path> tagLink(String user, String text) throws IOException {
        Path place = FlistName.isUser(text) ? directory.resolve(user).resolve(text) : directory;
        return Files.isSymbolicLink(place) && !text.endsWith(FlistName.ENDING)
                ? Optional.of(Files.readSymbolicLink(place))
                : Optional.empty();
    }

    private Path file(String user, FlistName name) {
        return directory.resolve(user).resolve(name.text());
    }

    /** What is in a user's folder, sorted: flists, links, links to tags, and tags. */
    List<Path> entries(String user) throws IOException {
        return entries(directory.resolve(user));
    }

    /** What is in a folder of a user or a tag, sorted. */
    static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path entry : all) {
                String name = entry.getFileName().toString();
                if (name.startsWith(TAG) || FlistName.isUser(name)) {
                    entries.add(entry);
                }
            }
        }
        entries.sort(null);
        return entries;
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
