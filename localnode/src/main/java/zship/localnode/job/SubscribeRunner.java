package zship.localnode.job;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Runs {@code core.subscribe}: copies the last and all further messages of a running job to its own stream. */
final class SubscribeRunner implements Runner {

    private static final int BACKLOG_LIMIT = 10_000;

    private final Core core;

    SubscribeRunner(Core core) {
        this.core = core;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        String id;
        try {
            Arguments arguments = new Arguments(job.command(), "struct", CommandException.FAILED);
            id = arguments.text("id");
        } catch (CommandException refused) {
            return Outcome.failure(refused.code(), refused.text());
        }
        Optional<Job> other = core.job(id).filter(found -> found != job);
        if (other.isEmpty()) {
            return Outcome.failure(CommandException.FAILED, "job '" + id + "' does not exist");
        }
        BlockingQueue<Message> messages = new LinkedBlockingQueue<>(BACKLOG_LIMIT);
        Capture capture = new Capture();
        try (Job.Subscription open = other.get().subscribe(messages::offer)) {
            for (Message next = messages.take(); !next.isLast(); next = messages.take()) {
                capture.add(job.say(next.level(), Message.CHUNK, next.text()));
            }
        }
        job.say(Message.STDOUT, Message.CHUNK | Message.SUCCESS, "");
        return capture.outcome(JobState.SUCCESS, 0);
    }
}
