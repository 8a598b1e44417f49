package zship.localnode.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/** The namespaces of the store, one folder each; {@code default} is always there. */
final class Namespaces {

    static final String DEFAULT = "default";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

    private static final String REMAINS = ".removed-";

    private final Path directory;
    private final ConcurrentMap<String, Namespace> open = new ConcurrentHashMap<>();

    private Namespaces(Path directory) {
        this.directory = directory;
    }

    static Namespaces open(Path directory) throws IOException {
        Files.createDirectories(directory.resolve(DEFAULT));
        Namespaces namespaces = new Namespaces(directory);
        namespaces.removeRemains();
        for (String name : namespaces.names()) {
            Namespace namespace = Namespace.open(directory.resolve(name));
            namespace.removeLeftovers();
            namespaces.open.put(name, namespace);
        }
        return namespaces;
    }

    Optional<Namespace> find(String name) {
        return Optional.ofNullable(open.get(name));
    }

    static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    /** False when it is already there. */
    synchronized boolean create(String name) throws IOException {
        if (open.containsKey(name)) {
            return false;
        }
        Files.createDirectories(directory.resolve(name));
        open.put(name, Namespace.open(directory.resolve(name)));
        return true;
    }

    /** Removes a namespace with everything in it; those who use it learn that it is gone. */
    synchronized void remove(String name, Namespace namespace) throws IOException {
        namespace.markRemoved();
        open.remove(name);
        Files.move(directory.resolve(name), directory.resolve(REMAINS + System.nanoTime()),
                StandardCopyOption.ATOMIC_MOVE);
        removeRemains();
    }

    /** What is left of removed namespaces, also of those whose removal was interrupted. */
    private void removeRemains() throws IOException {
        List<Path> remains = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, REMAINS + "*")) {
            for (Path entry : entries) {
                try (var tree = Files.walk(entry)) {
                    tree.forEach(remains::add);
                }
            }
        }
        remains.sort(Comparator.reverseOrder());
        for (Path path : remains) {
            Files.deleteIfExists(path);
        }
    }

    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (isValid(name)) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }
}
