package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import zship.builder.BuildEvent;
import zship.builder.archive.SourceArchive;

/** Step 3: the source archive, unpacked with care. */
final class Extract extends TreeStep {

    static final String NAME = "extract";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) {
        return build.definition().source().sha256();
    }

    @Override
    String plan(StepContext build) {
        return "unpacking " + build.definition().source().archive();
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        Path target = Files.createDirectory(output.resolve("source"));
        Instant newest = SourceArchive.extract(build.sourceArchive(), target, SourceArchive.Limits.generous());
        Files.writeString(output.resolve("time"), Long.toString(newest.getEpochSecond()));
    }

    @Override
    String result(StepContext build, Path output) throws IOException {
        Instant newest = newest(build.workspace());
        Path folder = Objects.requireNonNull(sourceFolder(build.workspace()).getFileName());
        if (!ReleaseDate.isNone(newest)) {
            return "%s, released %s".formatted(folder, newest.toString().substring(0, 10));
        }
        // Said in each build: it is about what the archive holds, whenever that was unpacked.
        if (build.givenTime().isEmpty()) {
            build.events().on(new BuildEvent.SourceUndated(build.definition().source().archive(), ReleaseDate.UNDATED));
        }
        return "%s, without a date".formatted(folder);
    }

    /** Returns the newest time in the source archive, to the second; 1970 when it has none. */
    static Instant newest(Workspace workspace) throws IOException {
        return Instant.ofEpochSecond(Long.parseLong(Files.readString(workspace.folder(NAME).resolve("time"))));
    }

    /** Returns the one folder that source archives have at their top, or the place it was unpacked to. */
    static Path sourceFolder(Workspace workspace) throws IOException {
        Path source = workspace.folder(NAME).resolve("source");
        try (Stream<Path> top = Files.list(source)) {
            List<Path> folders = top.toList();
            return folders.size() == 1 && Files.isDirectory(folders.getFirst()) ? folders.getFirst() : source;
        }
    }
}
