package zship.deployer.rollout;

import zship.deployer.Time;
import zship.deployer.container.Containers;
import zship.deployer.node.NodeClient;

/**
 * What every step of a rollout works with.
 *
 * @param node the node
 * @param containers its containers
 * @param settings how deployments are made
 * @param events told what happens
 */
record Stage(NodeClient node, Containers containers, RolloutSettings settings, RolloutEvents events) {

    Time time() {
        return node.time();
    }
}
