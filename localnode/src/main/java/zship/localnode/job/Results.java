package zship.localnode.job;

import java.nio.charset.StandardCharsets;

import zship.localnode.resp.Keyspace;

/** Flags, results and streams of jobs, under the keys that clients read. */
public final class Results {

    private static final long RESULT_MILLIS = 300_000;
    private static final long STREAM_MILLIS = 60_000;
    private static final int STREAM_ITEMS = 1000;

    private final Keyspace keyspace;
    private final LogQueues logs;

    /** Writes to those lists. */
    public Results(Keyspace keyspace) {
        this.keyspace = keyspace;
        this.logs = new LogQueues(keyspace);
    }

    /** The lists of log messages. */
    public LogQueues logs() {
        return logs;
    }

    /** Whether a command with this id was accepted before and is running or ended less than 300 s ago. */
    boolean isFlagged(String id) {
        return keyspace.length(flag(id)) > 0;
    }

    /** Tells the client that the command is accepted; the flag stays while the job runs. */
    public void accept(String id) {
        keyspace.post(flag(id), new byte[0], 0);
    }

    /** Posts a result: the flag starts to expire first, then the result appears. */
    public void post(JobResult result) {
        keyspace.expire(flag(result.id()), RESULT_MILLIS);
        keyspace.post(Keyspace.name("result:" + result.id()), bytes(result.toJson()), RESULT_MILLIS);
    }

    /** Copies a message of a job to its stream; false when there is no room. The last one, which readers wait for, gets in. */
    boolean stream(int core, String job, Message message) {
        String key = Keyspace.name("stream:" + job);
        byte[] item = bytes(message.toJson(core, job));
        if (!message.isLast()) {
            return keyspace.offer(key, item, STREAM_ITEMS, STREAM_MILLIS);
        }
        keyspace.post(key, item, STREAM_MILLIS);
        keyspace.keepLast(key, STREAM_ITEMS);
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String flag(String id) {
        return Keyspace.name("result:" + id + ":flag");
    }
}
