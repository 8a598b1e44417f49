package zship.localnode;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

import zship.localnode.mount.RootMode;

/**
 * Where the embedded node keeps its state and where it listens. All ports are on 127.0.0.1; 0 means the port used last
 * time, else the preferred one, else any free one, and {@link #ANY_PORT} any free one.
 *
 * @param stateDirectory the folder that gets {@code node/} (mode 0700)
 * @param nodePort       port of the node protocol (preferred: 16379)
 * @param storePort      port of the chunk store (preferred: 19900)
 * @param hubPort        port of the flist hub (preferred: 18081)
 * @param environment    environment of commands that run on the node itself; its PATH also finds runc and its companions
 * @param access         TLS and the check of tokens
 * @param roots          how the files of containers come to this machine
 * @param offer          the address of this machine on which nodes elsewhere find store and hub; empty for none
 * @param clock          time of results and expiries
 */
public record LocalNodeConfig(Path stateDirectory, int nodePort, int storePort, int hubPort,
        Map<String, String> environment, NodeAccess access, RootMode roots, Optional<InetAddress> offer, Clock clock) {

    /** Any free port, whatever was used last time: the system chooses it when the node listens, so nobody can be first. */
    public static final int ANY_PORT = -1;

    /** Copies the environment, refuses ports outside -1..65535. */
    public LocalNodeConfig {
        environment = Map.copyOf(environment);
        checkPort("nodePort", nodePort);
        checkPort("storePort", storePort);
        checkPort("hubPort", hubPort);
    }

    /** State in the given folder, ports as last time, the environment of this process and the system clock. */
    public static LocalNodeConfig of(Path stateDirectory) {
        return new LocalNodeConfig(stateDirectory, 0, 0, 0, System.getenv(), NodeAccess.OPEN, RootMode.LAZY,
                Optional.empty(), Clock.systemUTC());
    }

    /** The same with any free ports. */
    public LocalNodeConfig onAnyPorts() {
        return withPorts(ANY_PORT, ANY_PORT, ANY_PORT);
    }

    /** The same with fixed ports; 0 keeps the choice to the node. */
    public LocalNodeConfig withPorts(int node, int store, int hub) {
        return new LocalNodeConfig(stateDirectory, node, store, hub, environment, access, roots, offer, clock);
    }

    /** The same with store and hub offered on an address of this machine. */
    public LocalNodeConfig withOffer(Optional<InetAddress> address) {
        return new LocalNodeConfig(stateDirectory, nodePort, storePort, hubPort, environment, access, roots, address,
                clock);
    }

    /** The same with another access. */
    public LocalNodeConfig withAccess(NodeAccess other) {
        return new LocalNodeConfig(stateDirectory, nodePort, storePort, hubPort, environment, other, roots, offer,
                clock);
    }

    /** The same with roots that come in another way. */
    public LocalNodeConfig withRoots(RootMode other) {
        return new LocalNodeConfig(stateDirectory, nodePort, storePort, hubPort, environment, access, other, offer,
                clock);
    }

    private static void checkPort(String name, int port) {
        if (port < ANY_PORT || port > 65535) {
            throw new IllegalArgumentException(name + " must be 0..65535 or ANY_PORT, not " + port);
        }
    }
}
