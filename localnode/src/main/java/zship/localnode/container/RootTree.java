package zship.localnode.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * A container's files while it does not run, looked at from outside and without its mounts. Symbolic links are followed inside the
 * tree only: whatever they say, no path leads out of it. Programs that run in it may change links between the look and the
 * use; then {@link Container#files()} is what to use.
 */
final class RootTree {

    private static final int MOST_LINKS = 40;

    private final Path root;

    RootTree(Path root) {
        this.root = root;
    }

    /** Where an existing path is; empty when it does not exist or has too many links. */
    Optional<Path> resolve(String path) {
        try {
            Path found = walk(path);
            return Files.exists(found, LinkOption.NOFOLLOW_LINKS) ? Optional.of(found) : Optional.empty();
        } catch (IOException unusable) {
            return Optional.empty();
        }
    }

    /**
     * Writes a text file. Missing directories are made with {@code directoryMode}; a new file gets {@code fileMode}, an
     * existing one keeps its own.
     */
    void write(String path, String text, String fileMode, String directoryMode) throws IOException {
        Path file = prepare(path, directoryMode);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(fileMode));
        } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(path, null, "is not a regular file");
        }
        Files.writeString(file, text);
    }

    /** Adds to the end of a text file; a missing one is made. */
    void append(String path, String text) throws IOException {
        Optional<Path> existing = resolve(path).filter(Files::isRegularFile);
        String before = existing.isPresent()
                ? new String(Files.readAllBytes(existing.get()), StandardCharsets.UTF_8)
                : "";
        write(path, before + text, "rw-r--r--", "rwxr-xr-x");
    }

    /** Replaces whatever is there by a symbolic link. */
    void link(String path, String target) throws IOException {
        Path link = parent(path, "rwxr-xr-x").resolve(fileName(path));
        if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    /** Makes a directory and those above it. */
    void makeDirectory(String path) throws IOException {
        directory(Path.of(clean(path)), "rwxr-xr-x");
    }

    private Path prepare(String path, String directoryMode) throws IOException {
        parent(path, directoryMode);
        fileName(path);
        return walk(clean(path));
    }

    private Path parent(String path, String mode) throws IOException {
        String cleaned = clean(path);
        return directory(Path.of(cleaned.substring(0, cleaned.lastIndexOf('/') + 1)), mode);
    }

    private static String fileName(String path) throws IOException {
        String cleaned = clean(path);
        if (cleaned.equals("/")) {
            throw new FileSystemException(path, null, "is a directory");
        }
        return cleaned.substring(cleaned.lastIndexOf('/') + 1);
    }

    private Path directory(Path absolute, String mode) throws IOException {
        Path current = root;
        Path seen = Path.of("/");
        for (Path name : absolute) {
            seen = seen.resolve(name);
            current = walk(seen.toString());
            if (!Files.exists(current, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(current);
                Files.setPosixFilePermissions(current, PosixFilePermissions.fromString(mode));
            }
        }
        return current;
    }

    /** Without {@code .}, {@code ..} and doubled slashes; {@code ..} at the top stays at the top. */
    static String clean(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return "/" + String.join("/", names);
    }

    private Path walk(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(Arrays.asList(path.split("/")));
        Deque<Path> stack = new ArrayDeque<>();
        stack.addLast(root);
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (stack.size() > 1) {
                    stack.removeLast();
                }
                continue;
            }
            Path next = stack.getLast().resolve(name);
            if (!Files.isSymbolicLink(next)) {
                stack.addLast(next);
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new FileSystemException(path, null, "too many levels of symbolic links");
            }
            String target = Files.readSymbolicLink(next).toString();
            if (target.startsWith("/")) {
                stack.clear();
                stack.addLast(root);
            }
            String[] parts = target.split("/");
            for (int i = parts.length - 1; i >= 0; i--) {
                left.addFirst(parts[i]);
            }
        }
        return stack.getLast();
    }
}
