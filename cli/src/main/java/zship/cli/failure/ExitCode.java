package zship.cli.failure;

/** The exit codes of every command. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** Failed. */
    public static final int FAILED = 1;
    /** Usage or configuration. */
    public static final int USAGE = 2;
    /** A prerequisite is unreachable or missing: node, store, hub, tool. */
    public static final int PREREQUISITE = 3;
    /** Deployed but not healthy; an older deployment still serves, if there was one. */
    public static final int UNHEALTHY = 4;
    /** Refused by the other side: authentication, quota, bad flist. */
    public static final int REFUSED = 5;
    /** {@code plan} found that something would change. */
    public static final int CHANGES = 10;
    /** A defect of zship itself. */
    public static final int DEFECT = 70;
    /** Interrupted by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {
    }
}
