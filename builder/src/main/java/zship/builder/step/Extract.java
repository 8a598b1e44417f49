package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

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
        return "%s, released %s".formatted(sourceFolder(build.workspace()).getFileName(),
                Instant.ofEpochSecond(Long.parseLong(Files.readString(timeFile(build.workspace())))).toString()
                        .substring(0, 10));
    }

    /** Returns the file that holds the release's time in seconds since 1970. */
    static Path timeFile(Workspace workspace) {
        return workspace.folder(NAME).resolve("time");
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
