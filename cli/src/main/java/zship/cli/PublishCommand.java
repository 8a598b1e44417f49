package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.flist.ChunkSource;
import zship.cli.flist.Portability;
import zship.cli.hub.HubOptions;
import zship.cli.hub.TransferLine;
import zship.cli.peer.NodeProcess;
import zship.cli.peer.Peers;
import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.Flist;
import zship.flist.hub.ChunkSupply;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubPublisher;
import zship.flist.hub.PublishedFlist;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

/** {@code zship publish FILE}: an flist on a hub. */
@Command(name = "publish", description = "Publishes an flist on a hub, re-reads it and prints its URL.")
final class PublishCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private HubOptions hubs;

    @Option(names = "--as", paramLabel = "NAME", description = "the name on the hub (default: the file's name)")
    private Optional<String> as = Optional.empty();

    @Option(names = "--store", paramLabel = "URL", description = "the hub's store, asked which chunks it lacks when the hub says that some are missing")
    private Optional<String> store = Optional.empty();

    @Option(names = "--chunks-from", paramLabel = "URL", description = "another store that has the chunks; missing ones are copied from there")
    private Optional<String> source = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "the flist")
    private Path file = Path.of("root.flist");

    @Override
    public Integer call() {
        Session session = root.session();
        if (!Files.isRegularFile(file)) {
            throw missing(file);
        }
        Portability.check(file, session.output());
        HubClient hub = hubs.clientOrStart(session);
        Output.Step step = session.output().step(1, 1, "publish");
        PublishedFlist published = step.during(() -> new HubPublisher(hub, supply(session), TransferLine.of(step))
                .publish(file, versioned(as, file), name(as, file) + ".flist"));
        step.done(published.link().toString(), Map.of());
        session.output().result(Map.of("url", published.url().toString(), "link", published.link().toString(), "sha256",
                published.sha256()), published.url().toString());
        return ExitCode.OK;
    }

    /** Asks the hub's store what it lacks, and copies that where another store is named. */
    private ChunkSupply supply(Session session) {
        String place = store.orElseGet(() -> hubs.settings(session).store());
        Optional<String> url = place.equals(AppSettings.LOCAL)
                ? new NodeProcess(session).find().map(node -> node.storeUrl())
                : Optional.of(place);
        if (url.isEmpty()) {
            return ChunkSupply.none();
        }
        return (flist, named) -> {
            try (ChunkStore target = opened(session, url.get());
                    ChunkStore from = opened(session, source.orElse(url.get()))) {
                return ChunkSupply.copying(from, target).send(flist, named);
            }
        };
    }

    private static ChunkStore opened(Session session, String url) {
        return ChunkStores.open(StoreUrl.of(url), ChunkSource.faults(session), session.patience());
    }

    /** Publishes a file under a name, or its own; what is no flist is refused before it is sent. */
    static PublishedFlist publish(Path file, Optional<String> as, Peers peers) {
        Flist.open(file);
        return Shipping.publish(file, peers, versioned(as, file), name(as, file) + ".flist", ChunkSupply.none());
    }

    private static String name(Optional<String> as, Path file) {
        return as.orElse(file.getFileName().toString()).replaceFirst("\\.flist$", "");
    }

    private static String versioned(Optional<String> as, Path file) {
        try {
            return "%s-%s.flist".formatted(name(as, file), Digests.sha256(file).substring(0, 8));
        } catch (IOException e) {
            throw missing(file);
        }
    }

    private static CliException missing(Path file) {
        return new CliException(ExitCode.USAGE, "cannot read " + file, "there is no such file, or it may not be read",
                "zship pack makes one");
    }
}
