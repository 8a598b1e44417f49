package zship.localnode.mount;

/** Why an flist could not be mounted. */
public final class MountRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean damaged;

    MountRefusal(String message, boolean damaged) {
        super(message);
        this.damaged = damaged;
    }

    /** Whether the flist itself is to blame, so that no other way of using it would work either. */
    public boolean isDamaged() {
        return damaged;
    }

    /** Why, in words. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
