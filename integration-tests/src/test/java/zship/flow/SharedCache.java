package zship.flow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The cache folder of this JVM, which lives as long as the build folder. Where several JVMs run side by side, the first one
 * that needs a profile compiles it, and each of the others takes a copy.
 */
final class SharedCache {
    /** What most tests use. */
    private static final List<String> USUAL = List.of("slim", "classic");

    static final Path FOLDER = prepare();

    private SharedCache() {
    }

    private static Path prepare() {
        Path folder = Path.of(System.getProperty("zship.cache"));
        try {
            if (!Files.exists(folder)) {
                take(USUAL, folder);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the shared cache cannot be filled: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return folder;
    }

    /** Takes a profile that only some tests use. */
    static void require(String profile) throws IOException, InterruptedException {
        if (!USUAL.contains(profile)) {
            take(List.of(profile), FOLDER);
        }
    }

    private static void take(List<String> profiles, Path folder) throws IOException, InterruptedException {
        Optional<Path> seed = Optional.ofNullable(System.getProperty("zship.cache.seed")).map(Path::of);
        if (seed.isEmpty()) {
            return;
        }
        Files.createDirectories(seed.get());
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(seed.get().resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
            for (String profile : profiles) {
                Path mark = seed.get().resolve("has-" + profile);
                if (lock.isValid() && !Files.exists(mark)) {
                    new Zship(seed.get().resolve("home"), seed.get()).ok("build", "--profile", profile);
                    Files.createFile(mark);
                }
            }
            copy(seed.get().resolve("zship"), folder);
        }
    }

    private static void copy(Path from, Path folder) throws IOException, InterruptedException {
        List<String> command = List.of("cp", "--archive", "--no-clobber", from.toString(), folder.toString());
        if (new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
