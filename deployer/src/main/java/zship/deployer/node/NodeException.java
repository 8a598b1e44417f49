package zship.deployer.node;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.deployer.DeployException;

/**
 * A node that could not be reached, said no, or failed. Its kind is one of {@link Kind#UNREACHABLE},
 * {@link Kind#REFUSED}, {@link Kind#FAILED}.
 */
public final class NodeException extends DeployException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable JobResult result;

    private NodeException(Kind kind, String what, String why, String hint, @Nullable Object source) {
        super(kind, what, why, hint, source instanceof Throwable cause ? cause : null);
        this.result = source instanceof JobResult answer ? answer : null;
    }

    /** The node does not answer. */
    public static NodeException unreachable(String what, String why, String hint, @Nullable Throwable cause) {
        return new NodeException(Kind.UNREACHABLE, what, why, hint, cause);
    }

    /** The node answered and said no. */
    public static NodeException refused(String what, String why, String hint) {
        return new NodeException(Kind.REFUSED, what, why, hint, null);
    }

    /** It was tried and failed. */
    public static NodeException failed(String what, String why, String hint) {
        return new NodeException(Kind.FAILED, what, why, hint, null);
    }

    /** A job ended without success. */
    public static NodeException ofResult(Kind kind, String what, String hint, JobResult result) {
        return new NodeException(kind, what, result.failure(), hint, result);
    }

    /** The result of the job that failed, when the node sent one. */
    public Optional<JobResult> result() {
        return Optional.ofNullable(result);
    }
}
