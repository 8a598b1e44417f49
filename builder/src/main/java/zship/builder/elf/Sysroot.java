package zship.builder.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One or more folders that are looked at as if they were {@code /}, first folder first. Symbolic links are followed
 * inside their own folder: an absolute target starts again at the folder, not at the host's {@code /}.
 *
 * @param layers the folders
 */
public record Sysroot(List<Path> layers) {

    private static final int MAX_LINKS = 40;

    /** Makes the folders absolute. */
    public Sysroot {
        layers = layers.stream().map(layer -> layer.toAbsolutePath().normalize()).toList();
    }

    /** Returns a view of these folders. */
    public static Sysroot of(Path... layers) {
        return new Sysroot(List.of(layers));
    }

    /** Returns the host's own {@code /}. */
    public static Sysroot host() {
        return of(Path.of("/"));
    }

    /** Finds the file or directory that {@code absolute} names, with all links followed. */
    public Optional<Path> find(String absolute) throws IOException {
        for (Path layer : layers) {
            Optional<Path> found = find(layer, absolute);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> find(Path layer, String absolute) throws IOException {
        Deque<String> open = new ArrayDeque<>(parts(absolute));
        Path current = layer;
        int links = 0;
        while (!open.isEmpty()) {
            String part = open.pop();
            if (part.equals("..")) {
                current = current.equals(layer) ? layer : parent(current);
                continue;
            }
            Path next = current.resolve(part);
            if (!Files.isSymbolicLink(next)) {
                current = next;
                continue;
            }
            if (++links > MAX_LINKS) {
                return Optional.empty();
            }
            String target = Files.readSymbolicLink(next).toString();
            current = target.startsWith("/") ? layer : current;
            parts(target).reversed().forEach(open::push);
        }
        return Files.exists(current, LinkOption.NOFOLLOW_LINKS) ? Optional.of(current) : Optional.empty();
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/")).stream().filter(part -> !part.isEmpty() && !part.equals(".")).toList();
    }
}
