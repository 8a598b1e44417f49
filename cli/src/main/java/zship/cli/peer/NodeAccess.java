package zship.cli.peer;

import java.util.Optional;

import zship.cli.config.AppSettings;
import zship.cli.config.RolloutConfig;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.deployer.container.Container;
import zship.deployer.container.ContainerName;
import zship.deployer.container.Containers;
import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeClient;

/** The node a command is about: the local one, or the one at an address. */
public final class NodeAccess implements AutoCloseable {
    private final NodeClient client;
    private final Containers containers;

    private NodeAccess(NodeClient client) {
        this.client = client;
        this.containers = new Containers(client);
    }

    /**
     * Connects to a node that must be there.
     *
     * @param node {@code local} or an address
     * @param connection how
     */
    public static NodeAccess open(Session session, String node, NodeConnection connection) {
        String address = node.equals(AppSettings.LOCAL) ? new NodeProcess(session).require().nodeAddress() : node;
        return new NodeAccess(connection.client(session, NodeAddress.of(address)));
    }

    /** Connects to the node at an address, as when no option says how. */
    public static NodeAccess at(Session session, String address) {
        NodeConnection usual = new ConnectionOptions().connection(session, RolloutConfig.EMPTY);
        return new NodeAccess(usual.client(session, NodeAddress.of(address)));
    }

    /** The connection to the node. */
    public NodeClient client() {
        return client;
    }

    /** The containers of the node. */
    public Containers containers() {
        return containers;
    }

    /** The container with that name or number. */
    public Container container(String nameOrId) {
        Optional<Container> found = nameOrId.matches("[0-9]{1,5}")
                ? containers.get(Integer.parseInt(nameOrId))
                : containers.get(ContainerName.of(nameOrId));
        return found.orElseThrow(() -> new CliException(ExitCode.FAILED, "there is no container " + nameOrId,
                "the node " + client.address().hostAndPort() + " has no container of that name or number",
                "zship ps lists the containers"));
    }

    @Override
    public void close() {
        client.close();
    }
}
