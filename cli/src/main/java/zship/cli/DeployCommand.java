package zship.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.flist.Portability;
import zship.cli.peer.Peers;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.hub.PublishedFlist;

/** {@code zship deploy FLIST}: a container from an flist that exists. */
@Command(name = "deploy", description = "Deploys an flist, given by its URL or as a file, and verifies that it serves.")
final class DeployCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private AppOptions options;

    @Option(names = "--recipe", paramLabel = "NAME", defaultValue = "", description = "the recipe the flist was made of; it knows the required secrets and the health check")
    private String recipe = "";

    @Parameters(paramLabel = "FLIST", description = "an URL or a file")
    private String flist = "";

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Session session = root.session();
        boolean published = flist.startsWith("http://") || flist.startsWith("https://");
        AppSettings given = options.settings(session, Optional.empty());
        // Of a published flist no hub is needed, and of a named storage no store.
        AppSettings settings = given.withPeers(published ? flist : given.hub(),
                published ? given.container().storage().orElse(given.store()) : given.store());
        Peers.check(session, settings);
        AppRequest request = new AppRequest(session, settings, ServiceFacts.named(recipe));
        Peers peers = Peers.of(session, settings);
        if (!published) {
            Portability.check(Path.of(flist), session.output());
        }
        Optional<PublishedFlist> sent = published
                ? Optional.empty()
                : Optional.of(PublishCommand.publish(Path.of(flist), Optional.empty(), peers));
        URI url = sent.map(PublishedFlist::url).orElseGet(() -> URI.create(flist));
        AppRequest.Secrets secrets = request.secrets();
        return new Delivery(session, settings, options.connection(session, settings)).to(new Shipping(session, 1),
                node -> request.app(peers.flistFor(node.client().address(), url),
                        sent.map(PublishedFlist::sha256).orElse(""),
                        peers.storage(settings, node.client().address()), secrets.values()),
                () -> {
                }, started);
    }
}
