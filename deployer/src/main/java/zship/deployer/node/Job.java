package zship.deployer.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import zship.deployer.Deadline;

/** A job on a node: a command that was handed over, until its result is there. */
public final class Job {

    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(5);
    private static final Duration LOOKUP = Duration.ofSeconds(10);
    private static final long LONGEST_FLAG_WAIT = 10;
    private static final long RUNNING = -1;
    private static final long GONE = -2;

    private final NodeClient client;
    private final String id;
    private final String name;
    private final boolean flagged;

    Job(NodeClient client, String id, String name, boolean flagged) {
        this.client = client;
        this.id = id;
        this.name = name;
        this.flagged = flagged;
    }

    /** The job's id. */
    public String id() {
        return id;
    }

    /** The command it runs. */
    public String command() {
        return name;
    }

    /**
     * Waits for the result.
     *
     * @param timeout how long
     * @throws NodeException when the command is not accepted in time, when the node has forgotten the job, or when
     *     there is no result in time
     */
    public JobResult await(Duration timeout) {
        return tryAwait(timeout).orElseThrow(() -> NodeException.failed(
                "run " + name + " on node " + client.address(),
                "no result within " + timeout.toSeconds() + " s; job " + id + " may still run",
                "`zship node jobs` lists what runs"));
    }

    /**
     * Waits for the result as {@link #await} does, but being late is an answer.
     *
     * @param timeout how long
     * @return the result, empty when there is none in time
     * @throws NodeException when the command is not accepted in time or the node has forgotten the job
     */
    public Optional<JobResult> tryAwait(Duration timeout) {
        Deadline deadline = client.deadline(timeout);
        if (flagged) {
            Optional<JobResult> early = awaitAcceptance();
            if (early.isPresent()) {
                return early;
            }
        }
        while (true) {
            Optional<JobResult> result = client.awaitPosted(id, seconds(deadline.remaining()));
            if (result.isPresent() || deadline.passed()) {
                return result;
            }
            if (flagged && client.flagTtl(id) == GONE && client.posted(id).isEmpty() && !stillListed()) {
                return Optional.of(lastLook());
            }
        }
    }

    /** The result if there is one already. */
    public Optional<JobResult> poll() {
        return client.posted(id).stream().reduce((first, second) -> second);
    }

    /** Whether the node counts it as running; it says so of a job it accepted and has no result of. */
    public boolean running() {
        return client.flagTtl(id) == RUNNING;
    }

    /**
     * Hands on the messages of the job's stream until its end. The command must have been sent with
     * {@link Command#streaming}. A node keeps the last 1000 messages for 60 s; one that was on its way when a connection
     * broke is lost.
     *
     * @param timeout how long in all; empty for as long as the job runs
     * @param messages takes each message, the last one included
     * @return whether the end of the stream was seen; a job that could not start has no stream at all
     * @throws NodeException when the node cannot be reached
     */
    public boolean stream(Optional<Duration> timeout, Consumer<StreamMessage> messages) {
        Optional<Deadline> deadline = timeout.map(client::deadline);
        boolean ended = false;
        while (deadline.isEmpty() || !deadline.get().passed()) {
            Optional<StreamMessage> message = client.takeMessage(id,
                    seconds(deadline.map(Deadline::remaining).orElse(LONGEST_BLOCK)));
            if (message.isPresent()) {
                messages.accept(message.get());
                if (message.get().last()) {
                    return true;
                }
            } else if (ended) {
                return false;
            } else {
                ended = !running() && (flagged || poll().isPresent());
            }
        }
        return false;
    }

    /**
     * The messages of the job's stream that the node still keeps, oldest first: the last 1000, for 60 s after the last
     * one. Nothing is taken out of the stream.
     */
    public List<StreamMessage> messages() {
        return client.messages(id);
    }

    /** A result can be posted without a flag, so a flag that does not come is no proof of failure. */
    private Optional<JobResult> awaitAcceptance() {
        long limit = Math.min(client.acceptLimit().toSeconds(), LONGEST_FLAG_WAIT);
        if (client.awaitFlag(id, (int) limit)) {
            return Optional.empty();
        }
        Optional<JobResult> result = poll();
        if (result.isEmpty() && !stillListed()) {
            throw NodeException.failed("run " + name + " on node " + client.address(),
                    "the node did not accept the command within " + limit + " s",
                    "`zship node ping` shows whether it works; its queue may be stuck");
        }
        return result;
    }

    /** After a restart of the node's Redis a running job has no flag any more, but is still in the job list. */
    private boolean stillListed() {
        Job question = client.submit(Command.of("job.list").with("id", id));
        return client.awaitPosted(question.id, (int) LOOKUP.toSeconds()).map(JobResult::success).orElse(false);
    }

    private JobResult lastLook() {
        return poll().orElseThrow(() -> NodeException.failed("run " + name + " on node " + client.address(),
                "the node has lost job " + id + "; its Redis may have been restarted",
                "look at what is there (`zship ps`) before trying again"));
    }

    private static int seconds(Duration left) {
        Duration block = left.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : left;
        return (int) Math.max(1, block.plusMillis(999).toSeconds());
    }
}
