package zship.deployer.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The jobs of a node or a container. */
public final class Jobs {

    private static final Duration QUICK = Duration.ofSeconds(20);

    private final CommandRunner place;

    /** The jobs that run there. */
    public Jobs(CommandRunner place) {
        this.place = place;
    }

    /** All jobs, without the question itself. */
    public List<RunningJob> list() {
        Job question = place.submit(Command.of("job.list"));
        JobResult answer = question.await(QUICK).orThrow("list the jobs of " + place.place(), "try again");
        List<RunningJob> jobs = new ArrayList<>();
        answer.json().forEach(job -> jobs.add(RunningJob.parse(job)));
        jobs.removeIf(job -> job.id().equals(question.id()));
        return jobs;
    }

    /** The job with this id, if it runs. */
    public Optional<RunningJob> get(String id) {
        JobResult answer = place.run(Command.of("job.list").with("id", id), QUICK);
        return answer.success() ? Optional.of(RunningJob.parse(answer.json().path(0))) : Optional.empty();
    }

    /**
     * Sends a signal to a job.
     *
     * @param id the job
     * @param signal the signal's number; 15 asks it to end
     * @return false when there is no such job
     */
    public boolean kill(String id, int signal) {
        return place.run(Command.of("job.kill").with("id", id).with("signal", signal), QUICK)
                .orThrow("kill job " + id + " of " + place.place(), "try again").json().asBoolean(false);
    }

    /** Ends the repetition of a recurring job; false when there is no such job. */
    public boolean unschedule(String id) {
        return place.run(Command.of("job.unschedule").with("id", id), QUICK)
                .orThrow("unschedule job " + id + " of " + place.place(), "try again").json().asBoolean(false);
    }
}
