package zship.deployer.node;

import java.util.OptionalInt;

/**
 * The number a job ended with. Ranges measured on a node of July 2019: 0 for success and for a process that could not be
 * spawned; 400 to 599 for errors of built-in commands, in the sense of HTTP; 999 for a process that a signal ended;
 * 1000 + n for a process that exited with n; in the result of a whole container the exit status itself, and 4294967295
 * when a signal ended it.
 *
 * @param value the number as sent
 */
public record ResultCode(long value) {

    /** What a code says. */
    public enum Meaning {
        /** Success, or nothing could be started. */
        NONE,
        /** The arguments are wrong (400). */
        BAD_REQUEST,
        /** The thing is not there (404). */
        NOT_FOUND,
        /** The thing is not in the right state (412). */
        PRECONDITION,
        /** Every other error of a built-in command (500). */
        INTERNAL,
        /** A limit is reached (503). */
        UNAVAILABLE,
        /** A signal ended the process. */
        SIGNAL,
        /** The process exited by itself. */
        EXIT,
        /** A number outside all known ranges. */
        OTHER
    }

    private static final long BY_SIGNAL = 999;
    private static final long EXIT_BASE = 1000;
    private static final long MAX_STATUS = 255;
    private static final long CONTAINER_BY_SIGNAL = 4294967295L;

    /** What the number says. */
    public Meaning meaning() {
        if (value >= EXIT_BASE && value <= EXIT_BASE + MAX_STATUS || value >= 1 && value <= MAX_STATUS) {
            return Meaning.EXIT;
        }
        if (value == CONTAINER_BY_SIGNAL) {
            return Meaning.SIGNAL;
        }
        return switch ((int) value) {
            case 0 -> Meaning.NONE;
            case 400 -> Meaning.BAD_REQUEST;
            case 404 -> Meaning.NOT_FOUND;
            case 412 -> Meaning.PRECONDITION;
            case 500 -> Meaning.INTERNAL;
            case 503 -> Meaning.UNAVAILABLE;
            case (int) BY_SIGNAL -> Meaning.SIGNAL;
            default -> Meaning.OTHER;
        };
    }

    /** The exit status of the process, when it exited by itself. */
    public OptionalInt exitStatus() {
        return meaning() == Meaning.EXIT ? OptionalInt.of((int) (value % EXIT_BASE)) : OptionalInt.empty();
    }
}
