package zship.deployer.rollout;

import zship.deployer.node.NodeClient;

/** Makes deployments on one node. */
public final class Rollout {

    private final NodeClient node;
    private final RolloutSettings settings;
    private final RolloutEvents events;

    /**
     * Deployments on a node.
     *
     * @param node the node
     * @param settings how they are made
     * @param events told what happens
     */
    public Rollout(NodeClient node, RolloutSettings settings, RolloutEvents events) {
        this.node = node;
        this.settings = settings;
        this.events = events;
    }

    /** What {@link #apply} would do. */
    public Plan plan(App app) {
        throw new UnsupportedOperationException(app.name() + " " + node.place() + settings);
    }

    /**
     * Makes an app run and serve. When it does already, nothing is changed.
     *
     * @throws zship.deployer.DeployException when it cannot be made to; a container that served before goes on serving
     */
    public Deployment apply(App app) {
        events.on(new RolloutEvent.Planned(app.name().value(), Plan.Operation.KEEP, ""));
        throw new UnsupportedOperationException(app.name().value());
    }

    /** Removes all containers of an app. */
    public Removal remove(String name) {
        throw new UnsupportedOperationException(name);
    }
}
