package zship.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.Peers;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.hub.PublishedFlist;

/** {@code zship publish FILE}: an flist on a hub. */
@Command(name = "publish", description = "Publishes an flist on a hub, re-reads it and prints its URL.")
final class PublishCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private AppOptions options;

    @Option(names = "--as", paramLabel = "NAME", description = "the name on the hub (default: the file's name)")
    private Optional<String> as = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "the flist")
    private Path file = Path.of("root.flist");

    @Override
    public Integer call() {
        Session session = root.session();
        PublishedFlist published = publish(file, as,
                Peers.of(session, options.settings(session, Optional.empty())));
        session.output().result(Map.of("url", published.url().toString(), "sha256", published.sha256()),
                published.url().toString());
        return ExitCode.OK;
    }

    /** Publishes a file under a name, or its own. */
    static PublishedFlist publish(Path file, Optional<String> as, Peers peers) {
        try {
            String name = as.orElse(file.getFileName().toString().replaceFirst("\\.flist$", ""));
            return Shipping.publish(file, Digests.sha256(file), peers, List.of(name));
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file,
                    "there is no such file, or it may not be read",
                    "zship pack makes one");
        }
    }
}
