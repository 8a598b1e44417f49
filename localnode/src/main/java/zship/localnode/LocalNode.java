package zship.localnode;

/**
 * An embedded Zero-OS node: one process that speaks the node protocol, keeps chunks like a 0-db and serves flists like a
 * hub, all on 127.0.0.1. Its containers are processes of the system, not of this one: they outlive it.
 */
public final class LocalNode implements AutoCloseable {

    private final NodeState state;

    private LocalNode(NodeState state) {
        this.state = state;
    }

    /**
     * Starts the node and takes over the containers that an earlier process left running.
     *
     * @throws LocalNodeException when this machine lacks something, a wanted port is taken, or another node has the state
     *                            folder
     */
    public static LocalNode start(LocalNodeConfig config) {
        throw new UnsupportedOperationException("not yet: " + config);
    }

    /** Addresses and process of this node. */
    public NodeState state() {
        return state;
    }

    /** Ends all containers and everything that belongs to them; what it cannot remove it reports. */
    public void stopContainers() {
    }

    /** Stops serving. Containers go on running, and the next start finds them. */
    @Override
    public void close() {
    }
}
