package zship.flist.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.apache.commons.io.output.CloseShieldOutputStream;

/**
 * Where a user wants output, links followed. A file appears there in one step, or nothing changes. Devices, pipes and directories
 * are never replaced by a file.
 */
public final class Destination {
    private static final int MAX_LINKS = 40;
    private static final Path PROCESSES = Path.of("/proc");

    private final Path path;
    private final Optional<FileStatus> present;
    private final boolean open;

    /** Writes the content. */
    @FunctionalInterface
    public interface Content {
        /** Writes all content to {@code out}; closing it is allowed. */
        void writeTo(OutputStream out) throws IOException;
    }

    private Destination(Path path, Optional<FileStatus> present, boolean open) {
        this.path = path;
        this.present = present;
        this.open = open;
    }

    /**
     * What {@code named} leads to, which need not exist.
     *
     * @throws IOException when the directory does not exist, or cannot be looked into
     */
    public static Destination of(Path named) throws IOException {
        Path step = located(named.toAbsolutePath());
        boolean open = false;
        for (int links = 0; Files.isSymbolicLink(step) && !open; links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemException(named.toString(), null, "its links lead nowhere");
            }
            // What /dev/stdout leads to: a file that somebody has open, and that others may write to as well.
            open = step.startsWith(PROCESSES);
            step = open ? step : located(step.resolveSibling(Files.readSymbolicLink(step)));
        }
        return new Destination(step, status(step), open);
    }

    /** The place behind all links. */
    public Path path() {
        return path;
    }

    /** Whether there is a file that is replaced, or nothing yet; else what is there is written to. */
    public boolean isFile() {
        return !open && present.map(status -> status.type() == FileStatus.REGULAR).orElse(true);
    }

    /**
     * The place of a file that may be replaced as a whole.
     *
     * @throws NotAFileException when something else is there
     */
    public Path file() throws NotAFileException {
        if (present.isPresent() && present.get().type() != FileStatus.REGULAR) {
            throw new NotAFileException(path, kind(present.get().type()));
        }
        return path;
    }

    /**
     * Writes {@code content} to the file, or into what {@code cp} writes into: a character device, a pipe, and what is open as
     * {@code /dev/stdout}.
     *
     * @throws NotAFileException when it is something else
     */
    public void write(Content content) throws IOException {
        int type = present.map(FileStatus::type).orElse(FileStatus.REGULAR);
        boolean stream = type == FileStatus.CHARACTER || type == FileStatus.FIFO || open && type == FileStatus.REGULAR;
        if (!stream) {
            replace(content);
            return;
        }
        StandardOpenOption mode = type == FileStatus.REGULAR ? StandardOpenOption.APPEND : StandardOpenOption.WRITE;
        try (OutputStream out = Files.newOutputStream(path, mode)) {
            content.writeTo(out);
        }
    }

    /**
     * Writes {@code content} beside the file, forces it to the disk and puts it in place. Rights stay as they were, and so does the
     * owner where that may be set.
     *
     * @throws NotAFileException when there is something that is no file
     */
    public void replace(Content content) throws IOException {
        Path target = open ? file().toRealPath() : file();
        Path temporary = target.resolveSibling(
                ".zship-%d-%d.part".formatted(ProcessHandle.current().pid(), Thread.currentThread().threadId()));
        try {
            Files.deleteIfExists(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE)) {
                if (present.isPresent()) {
                    adopt(present.get(), temporary);
                }
                content.writeTo(CloseShieldOutputStream.wrap(Channels.newOutputStream(channel)));
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            discard(temporary, e);
            throw e;
        }
        syncDirectory(target);
    }

    /** Who could not read the file before cannot read the one in its place, and whoever owned it owns that. */
    private static void adopt(FileStatus before, Path fresh) throws IOException {
        FileStatus made = FileStatus.of(fresh);
        // One after the other: anybody may give a file to a group of his, but only root to somebody else.
        boolean group = made.gid() == before.gid() || give(fresh, "unix:gid", before.gid());
        boolean owner = made.uid() == before.uid() || give(fresh, "unix:uid", before.uid());
        // Set-id bits are for the owner they were set for; changing the owner clears them, so this comes last.
        Files.setAttribute(fresh, "unix:mode", group && owner ? before.mode() : before.mode() & 0777);
    }

    private static boolean give(Path file, String attribute, long number) {
        try {
            Files.setAttribute(file, attribute, (int) number);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void syncDirectory(Path target) throws IOException {
        Path directory = target.getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void discard(Path temporary, Throwable cause) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static Path located(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return absolute;
        }
        String last = name.toString();
        return last.equals(".") || last.equals("..") ? absolute.toRealPath() : parent.toRealPath().resolve(name);
    }

    private static Optional<FileStatus> status(Path path) throws IOException {
        try {
            return Optional.of(FileStatus.followed(path));
        } catch (NoSuchFileException fresh) {
            return Optional.empty();
        }
    }

    private static String kind(int type) {
        return switch (type) {
            case FileStatus.FIFO -> "named pipe";
            case FileStatus.CHARACTER -> "character device";
            case FileStatus.DIRECTORY -> "directory";
            case FileStatus.BLOCK -> "block device";
            case FileStatus.SOCKET -> "socket";
            default -> "special file";
        };
    }
}
