package zship.localnode.job;

/** How a job ended, as the result says it. */
public enum JobState {
    /** Done. */
    SUCCESS,
    /** Failed, see code and data. */
    ERROR,
    /** Took longer than allowed. */
    TIMEOUT,
    /** Nobody knows the command. */
    UNKNOWN_CMD
}
