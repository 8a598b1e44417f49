package zship.localnode.job;

import tools.jackson.databind.node.ObjectNode;

/**
 * A piece of a job's output.
 *
 * @param epoch nanoseconds since 1970
 * @param level what it is: 1 standard output, 2 error output, 9 critical, 20 to 23 and 30 typed results
 * @param flags {@link #CHUNK}, with {@link #SUCCESS} or {@link #FAILURE} on the last one
 * @param text  the text
 */
public record Message(long epoch, int level, int flags, String text) {

    /** Standard output. */
    public static final int STDOUT = 1;
    /** Error output. */
    public static final int STDERR = 2;
    /** Critical messages. */
    public static final int CRITICAL = 9;
    /** Part of a stream. */
    public static final int CHUNK = 1;
    /** The job ended well. */
    public static final int SUCCESS = 2;
    /** The job ended with an error. */
    public static final int FAILURE = 4;

    /** Whether nothing comes after it. */
    public boolean isLast() {
        return (flags & (SUCCESS | FAILURE)) != 0;
    }

    /** The same, not marked as part of a stream. */
    Message unstreamed() {
        return new Message(epoch, level, flags & ~CHUNK, text);
    }

    /** Whether it carries the job's typed result. */
    boolean isResult() {
        return level >= 20 && level <= 23 || level == 30;
    }

    /** As an item of {@code stream:<id>}. */
    String toJson(int core, String job) {
        ObjectNode json = GoJson.object();
        json.put("core", core).put("command", job);
        json.putObject("message").put("message", text).put("epoch", epoch).put("meta", (long) level << 16 | flags);
        return GoJson.write(json);
    }
}
