package zship.deployer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A file of the state directory: mode 0600 in a directory of mode 0700, replaced in one step. */
public final class PrivateFile {

    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;

    /** The file at this path, which need not exist. */
    public PrivateFile(Path path) {
        this.path = path;
    }

    /**
     * The content.
     *
     * @return empty when there is no such file
     * @throws StateFileException when it cannot be read
     */
    public Optional<String> read() {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw broken("it is larger than " + MAX_BYTES + " bytes");
            }
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw broken(reason(e));
        }
    }

    /**
     * Replaces the content in one step: readers see the old or the new one, also after a power cut.
     *
     * @throws StateFileException when it cannot be written
     */
    public void write(String content) {
        try {
            directory(parent());
            Path fresh = parent().resolve(path.getFileName() + ".new-" + ProcessHandle.current().pid());
            Files.deleteIfExists(fresh);
            try (FileChannel channel = FileChannel.open(fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
                ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StateFileException("write " + path, reason(e), "make the state folder writable");
        }
    }

    /** Opens the file for locking, made when it is missing. */
    public FileChannel open() throws IOException {
        directory(parent());
        return FileChannel.open(path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), OWNER_ONLY);
    }

    private StateFileException broken(String why) {
        return new StateFileException("read " + path, why, "move the file away and try again");
    }

    private Path parent() {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static void directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, OWNER_ONLY_DIRECTORY);
        }
    }

    /** What the operating system said, without paths and class names. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return e.getMessage() == null ? "input/output error" : e.getMessage();
    }
}
