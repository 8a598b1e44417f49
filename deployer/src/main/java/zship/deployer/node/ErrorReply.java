package zship.deployer.node;

import io.lettuce.core.RedisCommandExecutionException;

/** The error replies of a node's proxy, as measured on the release of July 2019, and what they mean for a caller. */
final class ErrorReply {

    private static final String NO_TOKEN = "permission denied, please call AUTH first";
    private static final String BAD_TOKEN = "invalid jwt";
    private static final String REDIS_DOWN = "dial unix";

    private ErrorReply() {
    }

    /**
     * Sorts a reply.
     *
     * @return for a passing condition, something to try again on
     * @throws NodeException for an answer that stands
     */
    static LostConnection of(NodeSettings settings, String what, RedisCommandExecutionException reply) {
        String text = reply.getMessage() == null ? "error without text" : reply.getMessage();
        String on = what + " on node " + settings.address();
        if (text.startsWith(REDIS_DOWN)) {
            return new LostConnection(what, "the node's Redis is down: " + text, reply);
        }
        if (text.startsWith(NO_TOKEN)) {
            throw NodeException.refused(on, text,
                    "this node wants a token: give it with --node-token file:PATH or ZSHIP_NODE_TOKEN_FILE");
        }
        if (text.startsWith(BAD_TOKEN)) {
            String fault = settings.token().map(token -> new JsonWebToken(token).fault(settings.time().now()))
                    .orElse("it was refused");
            throw NodeException.refused(on, text + ": " + fault, "get a new token for the node's organisation");
        }
        throw NodeException.failed(on, text, "is it a Zero-OS node? `zship node ping` asks it");
    }
}
