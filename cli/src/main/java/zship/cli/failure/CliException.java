package zship.cli.failure;

/** A failure found by the command line itself, such as a missing file or a value it does not accept. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    /**
     * Creates a failure.
     *
     * @param code the exit code, see {@link ExitCode}
     * @param what what was tried, with its value
     * @param why why it failed
     * @param hint the next command to run
     */
    public CliException(int code, String what, String why, String hint) {
        super(what + ": " + why);
        this.failure = new Failure(code, what, why, hint);
    }

    /**
     * Returns what a user is shown.
     *
     * @return the failure
     */
    public Failure failure() {
        return failure;
    }
}
