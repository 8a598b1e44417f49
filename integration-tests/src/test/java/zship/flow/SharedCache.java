package zship.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The cache folder of this JVM, which lives as long as the build folder. Where several JVMs run side by side, the first one
 * that needs it compiles the profiles that most tests use, and each of the others begins with a copy.
 */
final class SharedCache {
    private static final List<String> PROFILES = List.of("slim", "classic", "small");
    private static final String COMPLETE = "complete";

    static final Path FOLDER = prepare();

    private SharedCache() {
    }

    private static Path prepare() {
        Path folder = Path.of(System.getProperty("zship.cache"));
        Optional<Path> seed = Optional.ofNullable(System.getProperty("zship.cache.seed")).map(Path::of);
        if (seed.isPresent() && !Files.exists(folder)) {
            try {
                fill(seed.get());
                Files.createDirectories(folder);
                run("cp", "--archive", "--reflink=auto", seed.get().resolve("zship").toString(), folder.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return folder;
    }

    private static void fill(Path seed) throws IOException, InterruptedException {
        Files.createDirectories(seed);
        try (FileChannel channel = FileChannel.open(seed.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(seed.resolve(COMPLETE))) {
                for (String profile : PROFILES) {
                    new Zship(seed.resolve("home"), seed).ok("build", "--profile", profile);
                }
                Files.createFile(seed.resolve(COMPLETE));
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
