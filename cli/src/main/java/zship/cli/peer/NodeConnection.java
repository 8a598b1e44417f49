package zship.cli.peer;

import java.util.Optional;

import zship.cli.session.Session;
import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeSettings;
import zship.deployer.node.Trust;
import zship.flist.Secret;

/**
 * How nodes are connected to.
 *
 * @param trust which certificates are accepted
 * @param token what says to a node who is asking, when it belongs to an organisation
 */
public record NodeConnection(Trust trust, Optional<Secret> token) {

    /** A client of the node at an address; it connects when first used. */
    NodeClient client(Session session, NodeAddress address) {
        NodeSettings settings = NodeSettings.of(address).withTrust(trust).withConnectTimeout(session.timeout());
        return NodeClient.open(token.map(settings::withToken).orElse(settings));
    }
}
