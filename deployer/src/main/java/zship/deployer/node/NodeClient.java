package zship.deployer.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.deployer.Deadline;
import zship.deployer.Time;

/**
 * A client of one node. Commands become jobs by a push to the node's queue; a job's flag, result and output stream are
 * read back from its keys. Only RESP2 is spoken, no call blocks the server for more than 10 s, and at most four
 * connections are used. Safe for use by several threads.
 */
public final class NodeClient implements CommandRunner, AutoCloseable {

    private static final String QUEUE = "core:default";
    private static final Duration AT_ONCE = Duration.ZERO;

    private final NodeSettings settings;
    private final NodeConnections connections;

    private NodeClient(NodeSettings settings) {
        this.settings = settings;
        this.connections = new NodeConnections(settings);
    }

    /** A client with usual settings; it connects when first used. */
    public static NodeClient open(NodeAddress address) {
        return open(NodeSettings.of(address));
    }

    /** A client with these settings; it connects when first used. */
    public static NodeClient open(NodeSettings settings) {
        return new NodeClient(settings);
    }

    /** Where the node listens. */
    public NodeAddress address() {
        return settings.address();
    }

    /** The clock this client uses. */
    public Time time() {
        return settings.time();
    }

    /** A job id that was never used. */
    public String newId() {
        return settings.ids().get();
    }

    @Override
    public String place() {
        return "node " + settings.address();
    }

    /**
     * Pushes a command. When the connection is lost on the way, the same command with the same id is pushed again: the
     * node runs an id once.
     *
     * @throws NodeException when the node cannot be reached or says no
     */
    @Override
    public Job submit(Command command) {
        return submitAll(List.of(command)).getFirst();
    }

    /**
     * Pushes several commands in one step, in this order. With a common {@link Command#inQueue queue} the node runs
     * them back to back.
     *
     * @throws NodeException when the node cannot be reached or says no
     */
    public List<Job> submitAll(List<Command> commands) {
        List<Command> named = commands.stream().map(c -> c.id().isPresent() ? c : c.withId(newId())).toList();
        String[] envelopes = named.stream().map(c -> NodeJson.write(c.envelope())).toArray(String[]::new);
        String what = "send " + named.getFirst().name();
        connections.call(what, AT_ONCE, redis -> redis.rpush(QUEUE, envelopes));
        List<Job> jobs = new ArrayList<>();
        named.forEach(c -> jobs.add(new Job(this, c.id().orElseThrow(), c.name(), true)));
        return jobs;
    }

    /**
     * A job this client did not push: one inside a container, a start-up service, or one of an earlier run.
     *
     * @param id the job's id
     * @param name its command, for messages
     */
    public Job job(String id, String name) {
        return new Job(this, id, name, false);
    }

    /**
     * All results posted under an id. Start-up services of all containers with one name share a list; look at the
     * container of each.
     *
     * @param id the job's id
     * @return the results, oldest first; empty when there are none or they have expired (300 s)
     */
    public List<JobResult> posted(String id) {
        List<String> items = connections.call("read the results of " + id, AT_ONCE,
                redis -> redis.lrange(resultKey(id), -100, -1));
        return items == null ? List.of() : items.stream().map(JobResult::parse).toList();
    }

    /** Waits for the acceptance of a job; false when the flag did not come in that time. */
    boolean awaitFlag(String id, int seconds) {
        String key = flagKey(id);
        return connections.call("wait for " + id, Duration.ofSeconds(seconds),
                redis -> redis.brpoplpush(seconds, key, key)) != null;
    }

    /** Waits for the result of a job; the value stays in its list. */
    Optional<JobResult> awaitPosted(String id, int seconds) {
        String key = resultKey(id);
        @Nullable
        String text = connections.call("wait for the result of " + id, Duration.ofSeconds(seconds),
                redis -> redis.brpoplpush(seconds, key, key));
        return Optional.ofNullable(text).map(JobResult::parse);
    }

    /** The life of a job's flag: -1 running, -2 unknown, else seconds until it is forgotten. */
    long flagTtl(String id) {
        Long ttl = connections.call("look at " + id, AT_ONCE, redis -> redis.ttl(flagKey(id)));
        return ttl == null ? -2 : ttl;
    }

    /** Takes the next message of a job's stream. */
    Optional<StreamMessage> takeMessage(String id, int seconds) {
        var item = connections.call("read the output of " + id, Duration.ofSeconds(seconds),
                redis -> redis.blpop(seconds, "stream:" + id));
        return item == null ? Optional.empty() : Optional.of(StreamMessage.parse(item.getValue()));
    }

    /** The messages of a job's stream that are still there. */
    List<StreamMessage> messages(String id) {
        List<String> items = connections.call("read the output of " + id, AT_ONCE,
                redis -> redis.lrange("stream:" + id, 0, -1));
        return items == null ? List.of() : items.stream().map(StreamMessage::parse).toList();
    }

    Duration acceptLimit() {
        return settings.limits().accept();
    }

    Deadline deadline(Duration length) {
        return Deadline.after(settings.time(), length);
    }

    private static String resultKey(String id) {
        return "result:" + id;
    }

    private static String flagKey(String id) {
        return "result:" + id + ":flag";
    }

    /** Closes all connections; jobs go on. */
    @Override
    public void close() {
        connections.close();
    }
}
