package zship.builder.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The directories that {@code /etc/ld.so.conf} lists, with its {@code include} patterns followed. Reading them makes the
 * loader's binary cache needless. The file is described in ldconfig(8).
 */
final class LoaderConfiguration {

    private static final int MAX_FILES = 256;
    private static final long MAX_BYTES = 1 << 20;

    private final Sysroot sysroot;
    private final Set<String> directories = new LinkedHashSet<>();
    private final Set<Path> seen = new LinkedHashSet<>();

    private LoaderConfiguration(Sysroot sysroot) {
        this.sysroot = sysroot;
    }

    /** Returns the listed directories of {@code sysroot}, best first; empty when it has no such file. */
    static List<String> directories(Sysroot sysroot) throws IOException {
        LoaderConfiguration configuration = new LoaderConfiguration(sysroot);
        Optional<Path> file = sysroot.find("/etc/ld.so.conf");
        if (file.isPresent()) {
            configuration.read(file.get());
        }
        return List.copyOf(configuration.directories);
    }

    private void read(Path file) throws IOException {
        if (seen.size() >= MAX_FILES || !seen.add(file) || !Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            return;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String text = line.replaceFirst("#.*", "").strip();
            if (text.startsWith("include ")) {
                for (String pattern : text.substring("include ".length()).strip().split("\\s+")) {
                    include(pattern);
                }
            } else if (text.startsWith("/")) {
                directories.add(text.replaceFirst("=.*", ""));
            }
        }
    }

    private void include(String pattern) throws IOException {
        String absolute = pattern.startsWith("/") ? pattern : "/etc/" + pattern;
        int slash = absolute.lastIndexOf('/');
        Optional<Path> folder = sysroot.find(absolute.substring(0, slash + 1));
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> matches = Files.newDirectoryStream(folder.get(), absolute.substring(slash + 1))) {
            StreamSupport.stream(matches.spliterator(), false).sorted().forEach(files::add);
        }
        for (Path file : files) {
            read(file);
        }
    }
}
