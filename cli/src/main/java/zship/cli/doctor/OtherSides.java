package zship.cli.doctor;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import zship.cli.config.AppSettings;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeProcess;
import zship.cli.session.Session;
import zship.deployer.DeployException;
import zship.deployer.node.Facts;
import zship.flist.chunk.ChunkId;
import zship.flist.hub.HubException;
import zship.flist.hub.HubUrl;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.ReplicaFault;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.localnode.NodeState;

/** The checks of what {@code up} talks to: node, store and hub. */
final class OtherSides {
    private static final Duration TOLERATED_SKEW = Duration.ofSeconds(60);
    private static final int PATIENCE_MILLIS = 5000;

    private final Session session;
    private final AppSettings settings;
    private final Optional<NodeState> local;

    OtherSides(Session session, AppSettings settings) {
        this.session = session;
        this.settings = settings;
        this.local = new NodeProcess(session).find();
    }

    List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        settings.nodes().forEach(
                node -> checks.add(check("node", node, local.map(NodeState::nodeAddress), this::node)));
        checks.add(check("store", settings.store(), local.map(NodeState::storeUrl), this::store));
        checks.add(check("hub", settings.hub(), local.map(NodeState::hubUrl), OtherSides::hub));
        return checks;
    }

    /** Asks one side at its address. */
    private interface Question {
        Check ask(String address);
    }

    private static Check check(String name, String setting, Optional<String> local, Question question) {
        if (!setting.equals(AppSettings.LOCAL)) {
            return question.ask(setting);
        }
        return local.map(question::ask).orElseGet(() -> Check.note(name,
                "the local node is not running; up starts it", "zship node start"));
    }

    private Check node(String address) {
        return guarded("node", () -> {
            try (NodeAccess access = NodeAccess.at(session, address)) {
                String version = new Facts(access.client()).version();
                return Check.ok("node", address + ": " + version);
            }
        }, "check the address and that the node is up: zship node ping --node " + address);
    }

    private Check store(String address) {
        return guarded("store", () -> {
            StoreUrl url = StoreUrl.of(address);
            try (ChunkStore store = ChunkStores.openExisting(url, ReplicaFault.Listener.none(), session.patience())) {
                store.missing(List.of(new ChunkId(0, 0)));
                return Check.ok("store", url + " answers");
            }
        }, "check the address and that the store is up: zship store ping URL");
    }

    private static Check hub(String address) {
        String remedy = "check the address and that the hub is up: zship hub ls --hub " + address;
        try {
            HttpURLConnection connection = (HttpURLConnection) HubUrl.of(address).uri().resolve("/api/flist").toURL()
                    .openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            int status = connection.getResponseCode();
            long date = connection.getDate();
            connection.disconnect();
            if (status != HttpURLConnection.HTTP_OK) {
                return Check.fail("hub", address + " answers " + status, remedy);
            }
            return date == 0 ? Check.ok("hub", address + " answers") : clock(address, Instant.ofEpochMilli(date));
        } catch (IOException | HubException | IllegalArgumentException e) {
            return Check.fail("hub", address + ": " + e.getMessage(), remedy);
        }
    }

    private static Check clock(String address, Instant there) {
        Duration skew = Duration.between(Instant.now(), there).abs();
        return skew.compareTo(TOLERATED_SKEW) <= 0
                ? Check.ok("hub", address + " answers, its clock agrees")
                : Check.note("hub", address + " answers, its clock and this machine's differ by " + skew.toSeconds()
                        + " s", "set the clock, such as with chronyc makestep");
    }

    private static Check guarded(String name, Supplier<Check> question, String remedy) {
        try {
            return question.get();
        } catch (DeployException e) {
            return Check.fail(name, e.what() + ": " + e.why(), remedy);
        } catch (StoreException e) {
            return Check.fail(name, e.what() + ": " + e.why(), remedy);
        }
    }
}
