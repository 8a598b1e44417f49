package zship.deployer.health;

import zship.deployer.DeployException;

/** A container that was created but does not serve. */
public final class HealthException extends DeployException {

    private static final long serialVersionUID = 1L;

    private final transient HealthReport report;

    /**
     * Tells what does not hold.
     *
     * @param what what was verified
     * @param why what does not hold
     * @param hint what to do next
     * @param report everything that was seen
     */
    public HealthException(String what, String why, String hint, HealthReport report) {
        super(Kind.UNHEALTHY, what, why, hint, null);
        this.report = report;
    }

    /** Everything that was seen, the service's last output included. */
    public HealthReport report() {
        return report;
    }
}
