package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        StringBuilder inputs = new StringBuilder("bill 1\n").append(fileName(build)).append('\n')
                .append(build.buildTime().getEpochSecond());
        inputs.append(build.workspace().stampOf(EarlyStage.NAME)).append(build.definition().licence());
        for (RootEntry entry : Cleanup.tree(build).entries()) {
            inputs.append('\n').append(switch (entry) {
                // Not where the file is: a cache that was moved is as good as before.
                case RootEntry.File file -> "%s %s %o %d %s".formatted(file.path(), file.owner(), file.mode(),
                        file.size(), Files.getLastModifiedTime(file.content()));
                case RootEntry.Directory directory -> directory;
                case RootEntry.Link link -> link;
            });
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
        Files.write(output.resolve(billName(build)), Materials.of(build).json());
    }

    @Override
    String result(StepContext build, Path output) throws IOException {
        return "%s, %d bytes".formatted(fileName(build), Files.size(output.resolve(fileName(build))));
    }

    private static String fileName(StepContext build) {
        return "%s-%s-%s-root.tar.gz".formatted(build.recipe().name(), build.recipe().version(),
                build.variant().name());
    }

    private static String billName(StepContext build) {
        return fileName(build).replace(".tar.gz", ".cdx.json");
    }

    /** Returns what the build made. */
    static BuiltRoot builtRoot(StepContext build, boolean cached) throws IOException {
        Path folder = build.workspace().folder(NAME);
        RootTree tree = Cleanup.tree(build);
        return new BuiltRoot(Cleanup.root(build.workspace()), folder.resolve(fileName(build)),
                folder.resolve(billName(build)), Files.readString(folder.resolve("sha256")), tree.bytes(),
                tree.fileCount(), cached);
    }
}
