package zship.deployer.node;

/**
 * How a job ended. The constants are the words of the protocol, including its misspelt one; a node never sends the last
 * two of its own list ({@code KILLED}, {@code DUPILICATE_ID}), but they exist.
 */
public enum JobState {
    /** It did what it should. */
    SUCCESS,
    /** It failed. */
    ERROR,
    /** It ran out of its {@code max_time}. */
    TIMEOUT,
    /** Nobody registered that command. */
    UNKNOWN_CMD,
    /** It was killed. */
    KILLED,
    /** The id was in use; spelt as the protocol spells it. */
    DUPILICATE_ID,
    /** A word this client does not know. */
    OTHER;

    /** The state for a word of the protocol. */
    public static JobState of(String word) {
        for (JobState state : values()) {
            if (state.name().equals(word)) {
                return state;
            }
        }
        return word.equals("DUPLICATE_ID") ? DUPILICATE_ID : OTHER;
    }
}
