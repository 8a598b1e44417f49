package zship.builder.step;

import java.io.IOException;
import java.nio.file.Path;

import zship.builder.Sha256;

/** A step that fills a folder, which is kept with the digest of everything that it was made from. */
abstract class TreeStep implements Step {

    /** Counts changes of what the steps write; results of another format are made again. */
    private static final int FORMAT = 1;

    /** Returns everything that the result depends on, as text. */
    abstract String inputs(StepContext build) throws IOException;

    /** Returns a line that says what is about to be done. */
    abstract String plan(StepContext build);

    /** Fills the empty folder {@code output}. */
    abstract void fill(StepContext build, Path output) throws IOException;

    /** Returns a line that says what was made. */
    abstract String result(StepContext build, Path output) throws IOException;

    @Override
    public final Outcome perform(StepContext build, boolean force) throws IOException {
        String stamp = Sha256.ofText("%s %d%n%s".formatted(name(), FORMAT, inputs(build))).hex();
        Workspace workspace = build.workspace();
        boolean cached = !force && workspace.stamp(name()).filter(stamp::equals).isPresent();
        if (!cached) {
            build.begin(name(), plan(build));
            workspace.replace(name(), stamp, output -> fill(build, output));
        }
        return new Outcome(result(build, workspace.folder(name())), cached);
    }
}
