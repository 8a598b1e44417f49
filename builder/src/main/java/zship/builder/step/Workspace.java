package zship.builder.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

import zship.builder.archive.AtomicFile;

/**
 * The folder that keeps the results of a recipe's steps: one folder for each step, with a stamp that is the digest of
 * what it was made from. A result is made under another name and renamed when it is whole, so a build that is killed
 * leaves either the old result, the new one, or none.
 */
final class Workspace {

    private static final String STAMP = ".stamp";
    private static final String TEMPORARY = ".new-";

    private final Path folder;

    /** Fills a folder. */
    @FunctionalInterface
    interface Filling {

        void fill(Path output) throws IOException;
    }

    Workspace(Path folder) {
        this.folder = folder;
    }

    /** Returns the folder of a step's result, which may be missing. */
    Path folder(String step) {
        return folder.resolve(step);
    }

    /** Returns the file that holds all output of a step's programs. */
    Path log(String step) {
        return folder.resolve("logs").resolve(step + ".log");
    }

    /** Returns the stamp of a step's result when the result is there. */
    Optional<String> stamp(String step) throws IOException {
        Path file = folder(step).resolve(STAMP);
        return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    /** Returns the stamp of a step that was done before this one in the same build. */
    String stampOf(String step) throws IOException {
        return stamp(step).orElseThrow(() -> new IOException("the result of the step %s is gone".formatted(step)));
    }

    /** Keeps a stamp for a step that has no other result. */
    void writeStamp(String step, String stamp) throws IOException {
        if (stamp(step).filter(stamp::equals).isEmpty()) {
            Files.createDirectories(folder(step));
            AtomicFile.write(folder(step).resolve(STAMP),
                    out -> out.write(stamp.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Replaces a step's result by what {@code filling} makes. */
    void replace(String step, String stamp, Filling filling) throws IOException {
        Path output = temporary(step);
        try {
            filling.fill(output);
            Files.writeString(output.resolve(STAMP), stamp);
            Trees.delete(folder(step));
            Files.move(output, folder(step), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.delete(output);
        }
    }

    /** Makes an empty folder for work in progress; {@link #removeRemains} removes it if nobody else does. */
    Path temporary(String purpose) throws IOException {
        Files.createDirectories(folder);
        return Files.createTempDirectory(folder, TEMPORARY + purpose + "-");
    }

    /** Removes what killed builds left behind. */
    void removeRemains() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> remains = Files.newDirectoryStream(folder, TEMPORARY + "*")) {
            for (Path remain : remains) {
                Trees.delete(remain);
            }
        }
    }

    /** Removes all results and logs. */
    void clear() throws IOException {
        Trees.delete(folder);
    }

    /** Begins the log of a step anew. */
    void beginLog(String step) throws IOException {
        Files.createDirectories(Objects.requireNonNull(log(step).getParent()));
        Files.deleteIfExists(log(step));
    }
}
