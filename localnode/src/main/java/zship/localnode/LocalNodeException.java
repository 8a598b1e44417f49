package zship.localnode;

import org.jspecify.annotations.Nullable;

/**
 * Why the embedded node could not start, or could not do what it was asked, in three parts made for a person: what was
 * tried with its value, why it failed as reported, and what to do next.
 */
public final class LocalNodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is; callers choose their exit code by it. */
    public enum Kind {
        /** Something this machine lacks: a right, a program, a kernel feature, a free port. */
        PREREQUISITE,
        /** Everything else. */
        FAILED
    }

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;

    private LocalNodeException(Kind kind, String what, String why, String hint, @Nullable Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** A failure for which this machine lacks something; {@code hint} is the remedy, usually a command. */
    static LocalNodeException prerequisite(String what, String why, String hint) {
        return new LocalNodeException(Kind.PREREQUISITE, what, why, hint, null);
    }

    /** Any other failure, with the exception it came from. */
    static LocalNodeException failed(String what, String why, String hint, @Nullable Throwable cause) {
        return new LocalNodeException(Kind.FAILED, what, why, hint, cause);
    }

    /** What sort of failure it is. */
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

    /** What to do next, usually a command. */
    public String hint() {
        return hint;
    }
}
