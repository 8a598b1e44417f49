package zship.flist;

import java.io.IOException;
import java.io.Serial;

import zship.flist.disk.DiskFaults;
import zship.flist.disk.ScratchFile;

/**
 * An flist operation that failed: what was tried, why it failed as reported, and what to do next.
 *
 * <p>None of the three texts holds a secret, a class name or a stack trace; all three may be shown to a user as they are.
 */
public final class FlistException extends RuntimeException {
    /** What sort of failure it is, for callers that react differently. */
    public enum Kind {
        /** The flist, the archive or the directory named by the user is not there. */
        NOT_FOUND,
        /** The flist file or the archive is damaged, or is not one at all. */
        DAMAGED,
        /** A chunk is not in the store. */
        CHUNK_MISSING,
        /** A chunk in the store does not have the content its id promises. */
        CHUNK_ALTERED,
        /** This machine lacks something: a device, a program, a right. */
        PREREQUISITE,
        /** Reading or writing a local file failed, or the request itself cannot be fulfilled. */
        FAILED
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;

    /** A failure of {@code kind} without a deeper cause. */
    public FlistException(Kind kind, String what, String why, String hint) {
        super(what + ": " + why);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** A failure of {@code kind}, keeping the technical cause for debugging. */
    public FlistException(Kind kind, String what, String why, String hint, Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
    }

    /** What is said when there is no room for what does not fit into memory. */
    public static FlistException scratch(IOException e) {
        return new FlistException(Kind.FAILED, "write a temporary file in " + ScratchFile.folder(),
                DiskFaults.reason(e), "make room there, or name another folder in TMPDIR", e);
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
