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
            configuration.read(file.get(), "/etc/");
        }
        return List.copyOf(configuration.directories);
    }

    /** {@code folder} is where it is in the root: what it includes is seen from there. */
    private void read(Path file, String folder) throws IOException {
        if (seen.size() >= MAX_FILES || !seen.add(file) || !Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
            return;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String text = line.replaceFirst("#.*", "").strip();
            String[] words = text.split("\\s+");
            if (words[0].equals("include")) {
                for (String pattern : List.of(words).subList(1, words.length)) {
                    include(pattern.startsWith("/") ? pattern : folder + pattern);
                }
            } else if (text.startsWith("/")) {
                directories.add(text.replaceFirst("=.*", ""));
            }
        }
    }

    private void include(String pattern) throws IOException {
        String folder = pattern.substring(0, pattern.lastIndexOf('/') + 1);
        String names = pattern.substring(folder.length());
        Optional<Path> directory = sysroot.find(folder);
        if (directory.isEmpty() || !Files.isDirectory(directory.get())) {
            return;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.get(),
                file -> matches(names, String.valueOf(file.getFileName())))) {
            StreamSupport.stream(all.spliterator(), false).sorted().forEach(files::add);
        }
        for (Path file : files) {
            read(file, folder);
        }
    }

    /** Whether a name is one of a pattern with {@code *} and {@code ?}; a pattern from a root must not take for ever. */
    private static boolean matches(String pattern, String name) {
        int star = -1;
        int resumed = 0;
        int at = 0;
        for (int i = 0; i < name.length(); at++) {
            char wanted = at < pattern.length() ? pattern.charAt(at) : '\0';
            if (wanted == '*') {
                star = at;
                resumed = i;
            } else if (wanted == '?' || wanted == name.charAt(i)) {
                i++;
            } else if (star >= 0) {
                at = star;
                i = ++resumed;
            } else {
                return false;
            }
        }
        return pattern.substring(Math.min(at, pattern.length())).chars().allMatch(rest -> rest == '*');
    }
}
