package zship.deployer;

/** A value that does not follow its rules; nothing was sent to any node. */
public final class InvalidValueException extends DeployException {

    private static final long serialVersionUID = 1L;

    /**
     * Names the value and the rule it breaks.
     *
     * @param value what the value is for, and the value
     * @param why the rule it breaks
     * @param hint what a good value looks like
     */
    public InvalidValueException(String value, String why, String hint) {
        super(Kind.USAGE, "use " + value, why, hint, null);
    }
}
