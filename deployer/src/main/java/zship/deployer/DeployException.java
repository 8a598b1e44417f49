package zship.deployer;

import org.jspecify.annotations.Nullable;

/**
 * A failure of this module, told in three facts: what was tried (with its value), why it failed (as reported by the
 * other side), and what to do next. The texts hold no secrets, no class names and no stack traces.
 */
public abstract class DeployException extends RuntimeException {

    /** What kind of failure it is; a caller maps it to its exit status. */
    public enum Kind {
        /** A value given by the user is wrong; nothing was sent. */
        USAGE,
        /** Something needed first is missing or does not answer: the node, the flist's server, the store, a free port. */
        UNREACHABLE,
        /** The other side answered and said no: authentication, limits, an flist it cannot read. */
        REFUSED,
        /** Deployed, but the service does not serve. */
        UNHEALTHY,
        /** It was tried and failed. */
        FAILED,
        /** The calling thread was interrupted. */
        INTERRUPTED
    }

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;

    /**
     * Composes a failure.
     *
     * @param kind what kind it is
     * @param what what was tried, with its value
     * @param why why it failed, as reported
     * @param hint what to do next, usually a command
     * @param cause the underlying exception, for debugging only
     */
    protected DeployException(Kind kind, String what, String why, String hint, @Nullable Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** What kind of failure it is. */
    public Kind kind() {
        return kind;
    }

    /** What was tried, with its value. */
    public String what() {
        return what;
    }

    /** Why it failed, as reported. */
    public String why() {
        return why;
    }

    /** What to do next. */
    public String hint() {
        return hint;
    }
}
