package zship.builder;

import java.util.Objects;

/**
 * A build that cannot go on, told in three facts: what was tried with its value, why it failed as reported, and what
 * to do next. None of the texts holds class names, stack traces or secrets.
 */
public final class BuildException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;

    /** Who has to act. */
    public enum Kind {
        /** The work itself failed: a compiler error, a damaged download, a full disk. */
        FAILED,
        /** What was asked for makes no sense: an unknown recipe, step or setting. */
        USAGE,
        /** The machine lacks something: a package, a tool, a source that answers. */
        PREREQUISITE
    }

    /** Creates the exception of {@code kind} from its three facts; {@code cause} is kept for debugging only. */
    public BuildException(Kind kind, String what, String why, String hint, Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    private BuildException(Kind kind, String what, String why, String hint) {
        super(what + ": " + why);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** Creates an exception for work that failed. */
    public static BuildException failed(String what, String why, String hint) {
        return new BuildException(Kind.FAILED, what, why, hint);
    }

    /** Creates an exception for a request that makes no sense. */
    public static BuildException usage(String what, String why, String hint) {
        return new BuildException(Kind.USAGE, what, why, hint);
    }

    /** Creates an exception for something the machine lacks. */
    public static BuildException prerequisite(String what, String why, String hint) {
        return new BuildException(Kind.PREREQUISITE, what, why, hint);
    }

    /** Returns who has to act. */
    public Kind kind() {
        return kind;
    }

    /** Returns what was tried, with its value. */
    public String what() {
        return what;
    }

    /** Returns why it failed, as reported; several lines when a command's last output is quoted. */
    public String why() {
        return why;
    }

    /** Returns what to do next, usually a command. */
    public String hint() {
        return hint;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), what);
    }
}
