package zship.deployer.rollout;

import zship.deployer.DeployException;

/** A deployment that could not be made: something needed is missing, wrong or in use. */
public final class RolloutException extends DeployException {

    private static final long serialVersionUID = 1L;

    private RolloutException(Kind kind, String what, String why, String hint) {
        super(kind, what, why, hint, null);
    }

    /** A setting is wrong. */
    public static RolloutException usage(String what, String why, String hint) {
        return new RolloutException(Kind.USAGE, what, why, hint);
    }

    /** Something needed first is missing, in use or does not answer. */
    public static RolloutException prerequisite(String what, String why, String hint) {
        return new RolloutException(Kind.UNREACHABLE, what, why, hint);
    }

    /** Something is there but cannot be used. */
    public static RolloutException refused(String what, String why, String hint) {
        return new RolloutException(Kind.REFUSED, what, why, hint);
    }

    /** It was tried and failed. */
    public static RolloutException failed(String what, String why, String hint) {
        return new RolloutException(Kind.FAILED, what, why, hint);
    }
}
