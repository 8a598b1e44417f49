package zship.localnode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How clients reach the node.
 *
 * @param tls           whether it is offered over TLS too, on a port of its own
 * @param tokenKey      file with the public key (PEM, P-384) that tokens are signed with; empty when none is asked for
 * @param organizations organisations whose tokens are good; without a key not used
 */
public record NodeAccess(boolean tls, Optional<Path> tokenKey, List<String> organizations) {

    /** In the clear and without tokens. */
    public static final NodeAccess OPEN = new NodeAccess(false, Optional.empty(), List.of());

    /** Copies the list. */
    public NodeAccess {
        organizations = List.copyOf(organizations);
    }
}
