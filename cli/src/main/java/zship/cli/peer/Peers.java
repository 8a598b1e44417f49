package zship.cli.peer;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.deployer.node.NodeAddress;
import zship.flist.Secret;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubLogin;
import zship.flist.hub.HubUrl;
import zship.flist.store.StoreAddress;
import zship.localnode.NodeState;

/**
 * The store and the hub that a deployment works with, after {@code local} was replaced by what it stands for.
 *
 * @param store the chunk store's URL as this machine sees it
 * @param hub the hub's URL as this machine sees it
 * @param hubToken the hub's token, if one is set
 * @param local the local node, when the store, the hub or a node is local
 * @param patience how long to wait for the hub, if the user says so
 */
public record Peers(String store, String hub, Optional<Secret> hubToken, Optional<NodeState> local,
        Optional<Duration> patience) {

    /** Finds the addresses; starts the local node when one of them is local and it does not run. */
    public static Peers of(Session session, AppSettings settings) {
        return of(session, settings, usesLocal(settings)
                ? Optional.of(new NodeProcess(session).findOrStart())
                : Optional.empty());
    }

    /** Finds the addresses without starting anything; empty when the local node is needed and does not run. */
    public static Optional<Peers> present(Session session, AppSettings settings) {
        Optional<NodeState> running = new NodeProcess(session).find();
        return usesLocal(settings) && running.isEmpty()
                ? Optional.empty()
                : Optional.of(of(session, settings, usesLocal(settings) ? running : Optional.empty()));
    }

    private static Peers of(Session session, AppSettings settings, Optional<NodeState> local) {
        return new Peers(or(settings.store(), local.map(NodeState::storeUrl)),
                or(settings.hub(), local.map(NodeState::hubUrl)),
                settings.hub().equals(AppSettings.LOCAL) ? Optional.empty() : HubToken.find(session, ""), local,
                session.wantedPatience());
    }

    /** A client of the hub. */
    public HubClient hubClient() {
        return new HubClient(HubUrl.of(hub), new HubLogin(hubToken, Optional.empty()), patience);
    }

    private static boolean usesLocal(AppSettings settings) {
        return settings.nodes().contains(AppSettings.LOCAL) || settings.hub().equals(AppSettings.LOCAL)
                || settings.store().equals(AppSettings.LOCAL);
    }

    private static String or(String setting, Optional<String> local) {
        return setting.equals(AppSettings.LOCAL) ? local.orElseThrow() : setting;
    }

    /**
     * Checks, before anything is done, that every node can fetch from the store and the hub.
     *
     * @throws CliException when one cannot
     */
    public static void check(Session session, AppSettings settings) {
        boolean localHub = settings.hub().equals(AppSettings.LOCAL);
        boolean localStore = settings.store().equals(AppSettings.LOCAL) && settings.container().storage().isEmpty();
        Optional<NodeState> running = new NodeProcess(session).find();
        for (String node : settings.nodes()) {
            if (!node.equals(AppSettings.LOCAL) && (localHub || localStore)) {
                offered(NodeAddress.of(node), localStore ? "the local store" : "the local hub",
                        running.flatMap(NodeState::offered));
            }
        }
    }

    /**
     * The chunk store's URL that a container on a node is given: without its password, which is for writing, as nodes
     * and everybody who may ask them can read it; a node that needs one to read is told so with {@code storage}.
     *
     * @throws CliException when the node cannot reach it
     */
    public String storage(AppSettings settings, NodeAddress node) {
        return settings.container().storage().orElseGet(() -> storeFor(node));
    }

    private String storeFor(NodeAddress node) {
        return local.filter(it -> it.storeUrl().equals(store)).map(it -> offered(node, store, it.offeredStoreUrl()))
                .orElse(StoreAddress.of(store).address());
    }

    /**
     * The URL of an flist on the hub as a node sees it.
     *
     * @throws CliException when the node cannot reach it
     */
    public String flistFor(NodeAddress node, URI flist) {
        String url = flist.toString();
        Optional<NodeState> ours = local.filter(it -> url.startsWith(it.hubUrl() + "/"));
        return ours.map(it -> offered(node, it.hubUrl(), it.offeredHubUrl()) + url.substring(it.hubUrl().length()))
                .orElse(url);
    }

    /** A node far away takes 127.0.0.1 for itself, so it gets the address the local node listens on for others. */
    private static String offered(NodeAddress node, String here, Optional<String> there) {
        if (node.isLoopback()) {
            return here;
        }
        return there.orElseThrow(() -> new CliException(ExitCode.USAGE, "cannot deploy on " + node,
                "it fetches the flist and the chunks itself, and cannot reach " + here + " on this machine",
                "zship node stop; zship node start --listen ADDRESS (this machine's address as " + node.host()
                        + " sees it), or name others with --hub and --store"));
    }
}
