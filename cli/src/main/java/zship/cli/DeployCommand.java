package zship.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.Peers;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.rollout.Deployment;
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
        AppSettings settings = options.settings(session, Optional.empty());
        AppRequest request = new AppRequest(session, settings, ServiceFacts.named(recipe));
        Peers peers = Peers.of(session, settings);
        String url = flist;
        String sha256 = "";
        if (!flist.startsWith("http://") && !flist.startsWith("https://")) {
            PublishedFlist published = PublishCommand.publish(Path.of(flist), Optional.empty(), peers);
            url = published.url().toString();
            sha256 = published.sha256();
        }
        AppRequest.Secrets secrets = request.secrets();
        try (NodeAccess node = NodeAccess.at(session, peers.node())) {
            Shipping shipping = new Shipping(session, 1);
            Deployment deployment = shipping.deploy(node, request.app(url, sha256, peers.store(), secrets.values()));
            request.keep(secrets.values());
            shipping.finish(deployment, Duration.ofNanos(System.nanoTime() - started));
        }
        return ExitCode.OK;
    }
}
