package zship.deployer;

/** The calling thread was interrupted while it waited. The thread's interrupt status is set again. */
public final class InterruptedWaitException extends DeployException {

    private static final long serialVersionUID = 1L;

    /**
     * Names what was waited for.
     *
     * @param what what was waited for
     * @param cause the interruption
     */
    public InterruptedWaitException(String what, InterruptedException cause) {
        super(Kind.INTERRUPTED, what, "interrupted", "run the same command again; it continues where this one stopped",
                cause);
    }
}
