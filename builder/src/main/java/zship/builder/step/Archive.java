package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

import zship.builder.Sha256;
import zship.builder.archive.RootArchive;
import zship.builder.root.RootEntry;
import zship.builder.root.RootTree;

/** Step 9: the root as a tar.gz whose bytes are the same wherever and whenever it is built. */
final class Archive extends TreeStep {

    static final String NAME = "archive";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        StringBuilder inputs = new StringBuilder().append(build.buildTime().getEpochSecond());
        for (RootEntry entry : Cleanup.tree(build).entries()) {
            inputs.append('\n').append(entry);
            if (entry instanceof RootEntry.File file) {
                FileTime time = Files.getLastModifiedTime(file.content());
                inputs.append(time);
            }
        }
        return inputs.toString();
    }

    @Override
    String plan(StepContext build) {
        return "writing " + fileName(build);
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        Path file = output.resolve(fileName(build));
        RootArchive.write(Cleanup.tree(build), build.buildTime(), file);
        Files.writeString(output.resolve("sha256"), Sha256.ofFile(file).hex());
    }

    @Override
    String result(StepContext build, Path output) throws IOException {
        return "%s, %d bytes".formatted(fileName(build), Files.size(output.resolve(fileName(build))));
    }

    private static String fileName(StepContext build) {
        return "%s-%s-root.tar.gz".formatted(build.recipe().name(), build.recipe().version());
    }

    /** Returns what the build made. */
    static BuiltRoot builtRoot(StepContext build, boolean cached) throws IOException {
        Path folder = build.workspace().folder(NAME);
        RootTree tree = Cleanup.tree(build);
        return new BuiltRoot(Cleanup.root(build.workspace()), folder.resolve(fileName(build)),
                Files.readString(folder.resolve("sha256")), tree.bytes(), tree.fileCount(), cached);
    }
}
