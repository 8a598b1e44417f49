package zship.localnode.process;

/** Why a program could not be started, in the words and with the code of a Zero-OS node. */
public final class SpawnException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    private SpawnException(int code, String message) {
        super(message);
        this.code = code;
    }

    /** No such program: code 404. */
    public static SpawnException notFound(String name) {
        return new SpawnException(404, name.contains("/")
                ? "exec: \"" + name + "\": stat " + name + ": no such file or directory"
                : "exec: \"" + name + "\": executable file not found in $PATH");
    }

    /** Starting failed for another reason, such as a missing directory: code 0. */
    public static SpawnException failed(String path, String reason) {
        return new SpawnException(0, "fork/exec " + path + ": " + reason);
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
