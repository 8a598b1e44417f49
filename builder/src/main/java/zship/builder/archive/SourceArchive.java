package zship.builder.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import zship.builder.BuildException;

/**
 * Extracts a source archive that is not trusted. Names that leave the target, links that point out of it, devices and
 * archives beyond the limits are refused. The archive's owners are not kept, of its modes only whether a file can be
 * executed; its times are, since make depends on them.
 */
public final class SourceArchive {
    /** As many links as the kernel follows for one path. */
    private static final int MOST_LINKS = 40;
    /** What the system says when nothing more can be written. */
    private static final Set<String> FULL = Set.of("No space left on device", "Disk quota exceeded");

    private final Path archive;
    private final Path target;
    private final Limits limits;
    private final Map<Path, FileTime> times = new LinkedHashMap<>();
    private final List<Path> links = new ArrayList<>();
    private long bytes;
    private int entries;

    /** How much an archive may hold: entries, and bytes of all files together. */
    public record Limits(int entries, long bytes) {

        /** Returns limits that no honest source archive of a service reaches: 200,000 entries, 4 GiB. */
        public static Limits generous() {
            return new Limits(200_000, 4L << 30);
        }
    }

    private SourceArchive(Path archive, Path target, Limits limits) {
        this.archive = archive;
        this.target = target;
        this.limits = limits;
    }

    /**
     * Extracts the tar.gz {@code archive} into the empty folder {@code target}.
     *
     * @return the newest time of its entries: the release's date
     * @throws BuildException of kind FAILED that names the entry when the archive is damaged, hostile or too large
     */
    public static Instant extract(Path archive, Path target, Limits limits) {
        SourceArchive extraction = new SourceArchive(archive, target, limits);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                extraction.extract(entry, tar);
            }
            extraction.requireLinksInside();
            extraction.applyTimes();
        } catch (FileSystemException e) {
            throw extraction.unwritable(Objects.requireNonNullElse(e.getReason(), e.getFile()), e);
        } catch (IOException e) {
            String reason = Objects.requireNonNullElse(e.getMessage(), "it ends early");
            throw FULL.contains(reason) ? extraction.unwritable(reason, e) : extraction.refuse(reason);
        }
        return extraction.times.values().stream().max(Comparator.naturalOrder()).map(FileTime::toInstant)
                .orElse(Instant.EPOCH);
    }

    private void extract(TarArchiveEntry entry, InputStream content) throws IOException {
        if (++entries > limits.entries()) {
            throw refuse("it has more than %d entries".formatted(limits.entries()));
        }
        Path path = inside(target, entry.getName(), entry);
        if (entry.isDirectory()) {
            makeDirectories(path, entry);
        } else if (entry.isSymbolicLink()) {
            makeParent(path, entry);
            inside(parent(path), entry.getLinkName(), entry);
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            links.add(path);
            return;
        } else if (entry.isLink()) {
            makeParent(path, entry);
            copyLinked(inside(target, entry.getLinkName(), entry), path, entry);
        } else if (entry.isFile() && !isSpecial(entry)) {
            makeParent(path, entry);
            write(path, entry, content);
        } else {
            throw refuse("'%s' is neither file, directory nor link".formatted(entry.getName()));
        }
        times.put(path, entry.getLastModifiedTime());
    }

    private void write(Path path, TarArchiveEntry entry, InputStream content) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw refuse("'%s' is in it twice".formatted(entry.getName()));
        }
        bytes += entry.getSize();
        if (bytes > limits.bytes() || entry.getSize() < 0) {
            throw refuse("it unpacks to more than %d bytes".formatted(limits.bytes()));
        }
        try (OutputStream out = Files.newOutputStream(path)) {
            content.transferTo(out);
        }
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** A link that stays inside by its words may leave by way of another one, which may come later. */
    private void requireLinksInside() throws IOException {
        for (Path link : links) {
            if (destination(parent(link), Files.readSymbolicLink(link), new AtomicInteger(MOST_LINKS)).isEmpty()) {
                throw refuse("the link '%s' leads out of the folder by way of another link or in a circle"
                        .formatted(target.relativize(link)));
            }
        }
    }

    /** Where a path leads that is seen from a directory; empty when that is outside, or needs too many links. */
    private Optional<Path> destination(Path from, Path path, AtomicInteger left) throws IOException {
        Path current = from;
        for (Path part : path) {
            current = part.toString().equals("..") ? parent(current) : current.resolve(part).normalize();
            if (!current.startsWith(target)) {
                return Optional.empty();
            }
            if (Files.isSymbolicLink(current)) {
                Optional<Path> next = left.getAndDecrement() > 0
                        ? destination(parent(current), Files.readSymbolicLink(current), left)
                        : Optional.empty();
                if (next.isEmpty()) {
                    return next;
                }
                current = next.get();
            }
        }
        return Optional.of(current);
    }

    private void copyLinked(Path existing, Path path, TarArchiveEntry entry) throws IOException {
        requireNoLinkOnTheWay(existing, entry);
        if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
            throw refuse(
                    "'%s' links to '%s', which is no earlier file".formatted(entry.getName(), entry.getLinkName()));
        }
        bytes += Files.size(existing);
        if (bytes > limits.bytes()) {
            throw refuse("it unpacks to more than %d bytes".formatted(limits.bytes()));
        }
        Files.copy(existing, path, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private Path inside(Path base, String name, TarArchiveEntry entry) {
        Path path = base.resolve(name).normalize();
        if (name.isEmpty() || name.startsWith("/") || name.indexOf('\0') >= 0 || !path.startsWith(target)) {
            throw refuse("'%s' leaves the folder (%s)".formatted(entry.getName(), name));
        }
        return path;
    }

    private void makeParent(Path path, TarArchiveEntry entry) throws IOException {
        if (path.equals(target)) {
            throw refuse("'%s' stands for the folder itself".formatted(entry.getName()));
        }
        makeDirectories(parent(path), entry);
    }

    /** Makes a directory below the target step by step, so that no link made earlier is walked through. */
    private void makeDirectories(Path directory, TarArchiveEntry entry) throws IOException {
        Path current = target;
        for (Path part : target.relativize(directory)) {
            current = current.resolve(part).normalize();
            if (Files.isSymbolicLink(current) || Files.isRegularFile(current)) {
                throw throughLink(entry);
            }
            Files.createDirectories(current);
        }
    }

    private void requireNoLinkOnTheWay(Path file, TarArchiveEntry entry) {
        for (Path above = file.getParent(); above != null && !above.equals(target); above = above.getParent()) {
            if (Files.isSymbolicLink(above)) {
                throw throughLink(entry);
            }
        }
    }

    private BuildException throughLink(TarArchiveEntry entry) {
        return refuse("'%s' goes through a link or a file".formatted(entry.getName()));
    }

    private void applyTimes() throws IOException {
        for (Map.Entry<Path, FileTime> time : times.entrySet().stream().toList().reversed()) {
            Files.setLastModifiedTime(time.getKey(), time.getValue());
        }
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path below the target has a parent");
    }

    /** The library counts devices and pipes among the files. */
    private static boolean isSpecial(TarArchiveEntry entry) {
        return entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO();
    }

    private BuildException unwritable(String why, IOException cause) {
        return new BuildException(BuildException.Kind.FAILED, "extract %s into %s".formatted(archive, target), why,
                "make room there, or choose another cache directory", cause);
    }

    private BuildException refuse(String why) {
        return BuildException.failed("extract " + archive, why, "give another archive with --source FILE");
    }
}
