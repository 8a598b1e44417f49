package zship.localnode.job;

import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * What one run of a command came to.
 *
 * @param state    how it ended
 * @param code     result code
 * @param level    kind of data; 20 is JSON, 0 none
 * @param data     typed result, or the plain text of an error
 * @param streams  what was printed; empty when nothing ran
 * @param critical last critical message; empty for none
 */
public record Outcome(JobState state, long code, int level, String data, Optional<Streams> streams,
        String critical) {

    /** Level of data that is JSON. */
    public static final int JSON = 20;
    /** Code of a process that a signal ended. */
    public static final int SIGNALLED = 999;
    /** Added to the exit code of a process that failed. */
    public static final int EXIT_BASE = 1000;

    /**
     * Standard output and error output.
     *
     * @param stdout the last chunks of standard output
     * @param stderr the last chunks of error output
     */
    public record Streams(String stdout, String stderr) {
        /** Nothing printed. */
        public static final Streams EMPTY = new Streams("", "");
    }

    /** A builtin that succeeded with a JSON value. */
    public static Outcome json(JsonNode value) {
        return new Outcome(JobState.SUCCESS, 0, JSON, GoJson.write(value), Optional.of(Streams.EMPTY), "");
    }

    /** A builtin that failed: the text becomes a JSON string. */
    public static Outcome failure(long code, String text) {
        String data = GoJson.write(GoJson.nodes().stringNode(text));
        return new Outcome(JobState.ERROR, code, JSON, data, Optional.of(Streams.EMPTY), "");
    }

    /** A process that was not started. */
    public static Outcome notStarted(long code, String text) {
        return new Outcome(JobState.ERROR, code, 0, text, Optional.empty(), "");
    }

    /** A command that fell over its own input. */
    public static Outcome panic(String reason) {
        return new Outcome(JobState.ERROR, 0, 0, "", Optional.empty(), "PANIC(" + reason + ")");
    }

    /** A command nobody knows. */
    public static Outcome unknown() {
        return new Outcome(JobState.UNKNOWN_CMD, 0, 0, "", Optional.empty(), "");
    }

    /** Whether it succeeded. */
    public boolean succeeded() {
        return state == JobState.SUCCESS;
    }

    /** A failure that came after the time allowed. */
    Outcome asTimeout() {
        return new Outcome(JobState.TIMEOUT, code, level, data, streams, critical);
    }
}
