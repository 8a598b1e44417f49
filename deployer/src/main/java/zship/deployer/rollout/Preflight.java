package zship.deployer.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import zship.deployer.container.Container;
import zship.deployer.container.HostPort;
import zship.deployer.container.PortMapping;
import zship.deployer.node.Facts;
import zship.deployer.node.ListeningSocket;
import zship.deployer.node.ProcessInfo;
import zship.flist.Secret;

/** Looks, before anything is created, whether everything needed is there. */
final class Preflight {

    /** Passwords that come with servers and images and that everybody knows. */
    private static final Set<String> DEFAULTS = Set.of("hackme", "changeme", "password", "passw0rd", "admin", "secret",
            "icecast", "default", "123456");

    private final Stage stage;

    Preflight(Stage stage) {
        this.stage = stage;
    }

    /** What was checked, in words; each fault is an exception that names its remedy. */
    List<String> check(App app) {
        List<String> checked = new ArrayList<>();
        passwords(app);
        new FlistPreflight(stage.node().address()).check(app).forEach(checked::add);
        names(app);
        ports(app);
        if (!app.spec().network().ports().isEmpty()) {
            checked.add("ports " + String.join(", ", app.spec().network().ports().stream()
                    .map(p -> p.host().toString()).toList()));
        }
        return checked;
    }

    private static void passwords(App app) {
        for (Map.Entry<String, Secret> variable : app.spec().environment().all().entrySet()) {
            String name = variable.getKey().toUpperCase(Locale.ROOT);
            if ((name.contains("PASSWORD") || name.contains("SECRET"))
                    && DEFAULTS.contains(variable.getValue().expose().toLowerCase(Locale.ROOT))) {
                throw RolloutException.usage("deploy " + app.name(),
                        variable.getKey() + " is a password that servers are shipped with, so everybody knows it",
                        "choose another; left out, one is generated");
            }
        }
    }

    private void names(App app) {
        Optional<Container> other = stage.containers().get(app.name())
                .filter(c -> c.started() && !c.tags().contains(Tags.MARK));
        if (other.isPresent()) {
            throw RolloutException.failed("deploy " + app.name() + " on " + stage.node().place(),
                    other.get().label() + " has that name and was not deployed by zship",
                    "choose another name, or remove it: `zship rm " + app.name() + "`");
        }
    }

    private void ports(App app) {
        List<PortMapping> wanted = app.spec().network().ports();
        if (wanted.isEmpty()) {
            return;
        }
        List<Container> all = stage.containers().list();
        List<ListeningSocket> sockets = new Facts(stage.node()).sockets();
        for (PortMapping mapping : wanted) {
            int port = mapping.host().port();
            if (!stage.node().address().isLoopback()) {
                usable(app, mapping.host());
            }
            Optional<Container> holder = all.stream().filter(c -> c.holdsPort(port)).findFirst();
            if (holder.isPresent()) {
                if (!holder.get().tags().contains(Tags.app(app.name().value()))) {
                    throw taken(app, port, holder.get().label() + " has it");
                }
                continue;
            }
            sockets.stream().filter(s -> s.port() == port && mapping.host().protocols().contains(protocol(s)))
                    .findFirst().ifPresent(s -> {
                        throw taken(app, port, owner(s));
                    });
        }
    }

    /** What a Zero-OS node takes without a word and nobody can want; the local node has no such limits. */
    private void usable(App app, HostPort host) {
        if (host.port() == stage.node().address().port()) {
            throw taken(app, host.port(), "it is the node's own; forwarding it would cut the node off");
        }
        Optional<String> loopback = host.source().filter(source -> source.startsWith("127."));
        if (loopback.isPresent()) {
            throw RolloutException.usage("give port " + host + " to " + app.name(),
                    "the address before a port filters who may connect, and nobody connects to a node from "
                            + loopback.get(),
                    "leave it out, or name the network of your clients, as 10.0.0.0/24:" + host.port());
        }
    }

    private String owner(ListeningSocket socket) {
        if (socket.pid() == 0) {
            return "another process listens on it";
        }
        Optional<ProcessInfo> process = new Facts(stage.node()).process(socket.pid());
        return process.map(p -> p.name() + " (pid " + p.pid() + ") listens on it")
                .orElse("process " + socket.pid() + " listens on it");
    }

    private static String protocol(ListeningSocket socket) {
        return socket.network().replace("6", "");
    }

    private RolloutException taken(App app, int port, String who) {
        return RolloutException.prerequisite("give port " + port + " of " + stage.node().place() + " to " + app.name(),
                "the port is taken: " + who, "end it, or choose another port with -p OTHER:CONTAINER");
    }
}
