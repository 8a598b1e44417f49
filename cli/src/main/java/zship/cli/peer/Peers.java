package zship.cli.peer;

import java.util.Optional;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.flist.Secret;
import zship.localnode.NodeState;

/**
 * The addresses a deployment works with, after {@code local} was replaced by what it stands for.
 *
 * @param node the node, {@code host:port}
 * @param store the chunk store's URL
 * @param hub the hub's URL
 * @param hubToken the hub's token, if one is set
 */
public record Peers(String node, String store, String hub, Optional<Secret> hubToken) {

    /** Finds the addresses; starts the local node when one of them is local and it does not run. */
    public static Peers of(Session session, AppSettings settings) {
        boolean localNode = settings.node().equals(AppSettings.LOCAL);
        boolean localParts = settings.hub().equals(AppSettings.LOCAL) || settings.store().equals(AppSettings.LOCAL);
        if (!localNode && localParts) {
            throw new CliException(ExitCode.USAGE, "cannot deploy on " + settings.node(),
                    "a remote node cannot fetch from the local hub or store, which listen on 127.0.0.1",
                    "name others with --hub URL and --store URL");
        }
        if (!localNode) {
            return new Peers(settings.node(), settings.store(), settings.hub(), HubToken.find(session, ""));
        }
        NodeState local = new NodeProcess(session).findOrStart();
        return new Peers(local.nodeAddress(), or(settings.store(), local.storeUrl()),
                or(settings.hub(), local.hubUrl()),
                settings.hub().equals(AppSettings.LOCAL) ? Optional.empty() : HubToken.find(session, ""));
    }

    private static String or(String setting, String local) {
        return setting.equals(AppSettings.LOCAL) ? local : setting;
    }
}
