package zship.localnode.process;

/**
 * How a process ended.
 *
 * @param code      exit code, or the signal's number
 * @param signalled whether a signal ended it
 */
public record Exit(int code, boolean signalled) {

    private static final int SIGNAL_BASE = 128;

    /**
     * From the number that the JDK and runc report: 128 + n for signal n. A program can exit with such a number itself, as a
     * shell does for its own children; {@code killed} says that the node sent a signal, {@code shell} that the program is a
     * shell, which decides the doubtful cases.
     */
    public static Exit of(int status, boolean killed, boolean shell) {
        boolean possible = status > SIGNAL_BASE && status <= SIGNAL_BASE + 31;
        return possible && (killed || !shell) ? new Exit(status - SIGNAL_BASE, true) : new Exit(status, false);
    }
}
