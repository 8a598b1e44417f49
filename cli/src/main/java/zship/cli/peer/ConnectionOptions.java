package zship.cli.peer;

import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.RolloutConfig;
import zship.cli.config.SecretSource;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.deployer.node.Trust;
import zship.flist.Secret;

/** The options for how nodes are connected to. */
public final class ConnectionOptions {
    private static final String VARIABLE = "ZSHIP_NODE_TOKEN_FILE";

    @Option(names = "--node-token", paramLabel = "SOURCE", description = "where the token (JWT) for the node is: file:PATH, env:NAME or stdin (default: the file named by ZSHIP_NODE_TOKEN_FILE)")
    private String token = "";

    @Option(names = "--accept-new-cert", description = "the node has a new certificate, as after each of its boots: trust it from now on")
    private boolean acceptNew;

    @Option(names = "--insecure", description = "accept any certificate of the node, without remembering it")
    private boolean insecure;

    /** What the options say, the token after flag, environment and settings. */
    public NodeConnection connection(Session session, RolloutConfig settings) {
        return new NodeConnection(trust(session), token(session, settings));
    }

    private Trust trust(Session session) {
        if (insecure && acceptNew) {
            throw new CliException(ExitCode.USAGE, "cannot use --insecure with --accept-new-cert",
                    "the first remembers no certificate, the second one does", "give one of them");
        }
        return insecure
                ? new Trust.Anyone()
                : acceptNew
                        ? new Trust.AcceptNew(session.folders().state().resolve("node-pins"))
                        : new Trust.FirstUse(session.folders().state().resolve("node-pins"));
    }

    private Optional<Secret> token(Session session, RolloutConfig settings) {
        String file = session.environment().getOrDefault(VARIABLE, "");
        String place = token.isEmpty() && !file.isEmpty() ? "file:" + file : token;
        Optional<SecretSource> source = place.isEmpty() ? settings.token() : Optional.of(SecretSource.of(place));
        return source.map(it -> it.read("node token", session.environment(), session.input()))
                .map(it -> Secret.of(it.expose().strip()));
    }
}
