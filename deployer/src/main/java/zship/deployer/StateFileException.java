package zship.deployer;

/** A file of the state folder that cannot be read or written. */
public final class StateFileException extends DeployException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the file and the fault.
     *
     * @param what what was done with which file
     * @param why the fault
     * @param hint what to do next
     */
    public StateFileException(String what, String why, String hint) {
        super(Kind.FAILED, what, why, hint, null);
    }
}
