package zship.localnode.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/** The namespaces of the store, one folder each; {@code default} is always there. */
final class Namespaces {

    static final String DEFAULT = "default";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    private final Path directory;
    private final ConcurrentMap<String, Namespace> open = new ConcurrentHashMap<>();

    private Namespaces(Path directory) {
        this.directory = directory;
    }

    static Namespaces open(Path directory) throws IOException {
        Files.createDirectories(directory.resolve(DEFAULT));
        Namespaces namespaces = new Namespaces(directory);
        for (String name : namespaces.names()) {
            Namespace namespace = new Namespace(directory.resolve(name));
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
        open.put(name, new Namespace(directory.resolve(name)));
        return true;
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
