package zship.builder.root;

/** A numeric owner and group, both 0 or more. */
public record Owner(int uid, int gid) {

    /** The super-user. */
    public static final Owner ROOT = new Owner(0, 0);

    /** Checks the numbers. */
    public Owner {
        if (uid < 0 || gid < 0) {
            throw new IllegalArgumentException("owner must be 0 or more: %d:%d".formatted(uid, gid));
        }
    }
}
