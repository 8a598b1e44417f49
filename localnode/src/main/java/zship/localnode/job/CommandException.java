package zship.localnode.job;

/** A command that fails with a code and a text that clients know. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Code of a mistake in the arguments. */
    public static final int BAD_REQUEST = 400;
    /** Code of something that does not exist. */
    public static final int NOT_FOUND = 404;
    /** Code of something that has to be there first. */
    public static final int PRECONDITION = 412;
    /** Code of everything else. */
    public static final int FAILED = 500;
    /** Code of a limit that is reached. */
    public static final int UNAVAILABLE = 503;

    private final int code;

    /** A failure with that code and text. */
    public CommandException(int code, String text) {
        super(text);
        this.code = code;
    }

    /** The result code. */
    public int code() {
        return code;
    }

    /** The text of the result. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
