package zship.cli;

import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.builder.step.BuildSettings;
import zship.cli.session.Session;

/** The options of the commands that build a root. */
final class BuildOptions {
    @Option(names = "--source", paramLabel = "FILE", description = "the source archive; nothing is downloaded")
    private Optional<Path> source = Optional.empty();

    @Option(names = "--from", paramLabel = "STEP", description = "do this step and the later ones again")
    private Optional<String> from = Optional.empty();

    @Option(names = "--until", paramLabel = "STEP", description = "stop after this step")
    private Optional<String> until = Optional.empty();

    @Option(names = "--clean", description = "forget what was built before")
    private boolean clean;

    BuildSettings settings(Session session) {
        return new BuildSettings(session.folders().cache(), source.map(Path::toAbsolutePath), from, until, clean,
                session.environment());
    }
}
