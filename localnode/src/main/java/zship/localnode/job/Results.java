package zship.localnode.job;

import java.nio.charset.StandardCharsets;
import java.util.List;

import zship.localnode.resp.Keyspace;
import zship.localnode.resp.Keyspace.End;

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
        keyspace.push(flag(id), End.RIGHT, List.of(new byte[0]));
    }

    /** Posts a result: the flag starts to expire first, then the result appears. */
    public void post(JobResult result) {
        keyspace.expire(flag(result.id()), RESULT_MILLIS);
        String key = "result:" + result.id();
        push(key, result.toJson());
        keyspace.expire(key, RESULT_MILLIS);
    }

    void stream(int core, String job, Message message) {
        String key = "stream:" + job;
        push(key, message.toJson(core, job));
        keyspace.keepLast(key, STREAM_ITEMS);
        keyspace.expire(key, STREAM_MILLIS);
    }

    private void push(String key, String text) {
        keyspace.push(key, End.RIGHT, List.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String flag(String id) {
        return "result:" + id + ":flag";
    }
}
