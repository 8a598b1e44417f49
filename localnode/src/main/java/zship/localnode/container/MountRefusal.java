package zship.localnode.container;

/** Why an flist could not be mounted. */
final class MountRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean damaged;

    MountRefusal(String message, boolean damaged) {
        super(message);
        this.damaged = damaged;
    }

    /** Whether the flist itself is to blame, so that no other way of using it would work either. */
    boolean isDamaged() {
        return damaged;
    }

    /** Why, in words. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
