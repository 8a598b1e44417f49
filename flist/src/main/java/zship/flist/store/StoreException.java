package zship.flist.store;

import java.io.Serial;

/** A store that could not be reached, refused, or answered something else than expected. Its texts never hold a password. */
public final class StoreException extends RuntimeException {
    /** What sort of failure it is. */
    public enum Kind {
        /** Nobody answers at that address, or the connection broke: trying again may help. */
        UNREACHABLE,
        /** The store answered and said no: password, namespace, space, read-only. */
        REFUSED,
        /** The address itself is wrong. */
        USAGE
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;

    /** A failure of {@code kind}. */
    public StoreException(Kind kind, String what, String why, String hint) {
        super(what + ": " + why);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** A failure of {@code kind}, keeping the technical cause for debugging. */
    public StoreException(Kind kind, String what, String why, String hint, Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** The sort of failure. */
    public Kind kind() {
        return kind;
    }

    /** What was tried, with its value. */
    public String what() {
        return what;
    }

    /** Why it failed, as reported. */
    public String why() {
        return why;
    }

    /** The next thing to do. */
    public String hint() {
        return hint;
    }
}
