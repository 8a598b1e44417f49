package zship.deployer.node;

import java.time.Instant;

import tools.jackson.databind.JsonNode;

/**
 * One message of a job's output stream.
 *
 * @param container where the job runs; 0 is the node itself
 * @param job the job's id
 * @param text the text; one read of up to 32 KiB, not necessarily a line
 * @param time when it was read from the job
 * @param level what it is
 * @param end whether it is the last one, and how the job ended
 */
public record StreamMessage(int container, String job, String text, Instant time, MessageLevel level, End end) {

    /** The end flags of a message. */
    public enum End {
        /** More may come. */
        NONE,
        /** The job ended with success (flag 2). */
        SUCCESS,
        /** The job ended without success (flag 4). */
        ERROR
    }

    private static final int SUCCESS_FLAG = 2;
    private static final int ERROR_FLAG = 4;
    private static final long NANOS = 1_000_000_000L;

    /**
     * Reads an item of a stream list.
     *
     * @param text the item
     * @throws NodeException when it is not one
     */
    public static StreamMessage parse(String text) {
        JsonNode json = NodeJson.read("a stream message", text);
        JsonNode message = json.path("message");
        int meta = message.path("meta").asInt(0);
        long epoch = message.path("epoch").asLong(0);
        End end = (meta & SUCCESS_FLAG) != 0 ? End.SUCCESS : (meta & ERROR_FLAG) != 0 ? End.ERROR : End.NONE;
        return new StreamMessage(json.path("core").asInt(0), json.path("command").asString(""),
                message.path("message").asString(""), Instant.ofEpochSecond(epoch / NANOS, epoch % NANOS),
                MessageLevel.of(meta >> 16), end);
    }

    /** Whether it is the last one. */
    public boolean last() {
        return end != End.NONE;
    }
}
