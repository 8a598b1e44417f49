package zship.deployer.node;

/** A call without an answer: the connection failed, or the node's own Redis is away. It may be tried again. */
final class LostConnection extends Exception {

    private static final long serialVersionUID = 1L;

    private final String what;
    private final String why;

    LostConnection(String what, String why, Throwable cause) {
        super(why, cause);
        this.what = what;
        this.why = why;
    }

    NodeException asNodeException(NodeAddress address) {
        String hint = address.isLoopback()
                ? "`zship node start` starts the local node, `zship node status` shows it"
                : "check the address and that the node is up; `zship doctor` looks at the way there";
        return NodeException.unreachable(what + " on node " + address, why, hint, getCause());
    }
}
