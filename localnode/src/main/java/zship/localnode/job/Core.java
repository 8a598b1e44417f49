package zship.localnode.job;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import zship.localnode.process.ProcStat;
import zship.localnode.process.Signals;
import zship.localnode.process.Spawned;
import zship.localnode.process.Spawner;

/**
 * A place where commands run: the node itself (number 0) or one container. Each job has a thread of the system, because it may
 * wait inside the kernel for a file whose contents another thread of this process still has to send; commands that name the same
 * queue take turns in the order they came.
 */
public final class Core {

    private static final System.Logger LOG = System.getLogger(Core.class.getName());
    private static final long RESTART_MILLIS = 1000;
    private static final Duration PARTING = Duration.ofSeconds(2);
    private static final long FIRST_RESPAWN_SECONDS = 2;
    private static final long LAST_RESPAWN_SECONDS = 300;

    /**
     * What a core is made of.
     *
     * @param number  0 for the node, else the container's id
     * @param results where results go
     * @param spawner starts its processes
     * @param work    folder for the output of running processes
     * @param clock   time of results
     */
    public record Parts(int number, Results results, Spawner spawner, Path work, Clock clock) {
    }

    private final Parts parts;
    private final Map<String, Runner> runners = new ConcurrentHashMap<>();
    private final Map<String, String> queueOf = new ConcurrentHashMap<>();
    private final ProcessRunner system;
    private final ProcessRunner bash;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> queues = new HashMap<>();
    private final Map<Job, Thread> threads = new ConcurrentHashMap<>();

    /** A core that knows {@code core.system}, {@code bash}, {@code core.subscribe} and the given builtins. */
    public Core(Parts parts, Function<Core, Map<String, Builtin>> builtins) {
        this.parts = parts;
        this.system = new ProcessRunner(parts.spawner(), parts.work(), ProcessRunner::program);
        this.bash = new ProcessRunner(parts.spawner(), parts.work(), ProcessRunner::shell);
        runners.put("core.system", system);
        runners.put("bash", bash);
        runners.put("core.subscribe", new SubscribeRunner(this));
        builtins.apply(this).forEach((name, builtin) -> runners.put(name, new BuiltinRunner(builtin)));
    }

    /** Lets a program answer a command. */
    public void addProgram(String command, ProgramCommand program) {
        runners.putIfAbsent(command, new ProcessRunner(parts.spawner(), parts.work(), program::launch));
        queueOf.put(command, program.queue());
    }

    /** 0 for the node, else the container's id. */
    public int number() {
        return parts.number();
    }

    Results results() {
        return parts.results();
    }

    /** Time of results. */
    public Clock clock() {
        return parts.clock();
    }

    /** The running jobs. */
    public List<Job> jobs() {
        return List.copyOf(jobs.values());
    }

    /** A running job. */
    public Optional<Job> job(String id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** Runs an accepted command. One whose id is already running here is dropped. */
    public void submit(Command command) {
        submit(command, JobOptions.COMMAND);
    }

    /**
     * Runs a command or a service. One whose id is already running here is dropped. Nothing is posted for a service whose command
     * is unknown (measured on 0-core).
     */
    public void submit(Command command, JobOptions options) {
        Runner runner = runners.get(command.command());
        if (runner == null) {
            JobResult result = new JobResult(command.id(), command.command(), Outcome.unknown(), 0, 0,
                    command.tagsNode(), number());
            options.listener().ended(result);
            if (options.equals(JobOptions.COMMAND)) {
                results().post(result);
            }
            return;
        }
        Job job = new Job(this, command, options);
        if (jobs.putIfAbsent(command.id(), job) != null) {
            LOG.log(System.Logger.Level.WARNING, "a job with the id {0} is running, the command is dropped",
                    command.id());
            return;
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        CompletableFuture<Void> before = enqueue(queue(command), turn);
        Thread follower = Thread.ofPlatform().daemon().name("job-" + command.id())
                .unstarted(() -> runInTurn(job, runner, before, turn));
        // Known before it runs: it takes itself out at its end, and kill() waits for it.
        threads.put(job, follower);
        try {
            follower.start();
        } catch (OutOfMemoryError noMoreThreads) {
            LOG.log(System.Logger.Level.ERROR, "job {0} gets no thread: {1}", command.id(),
                    noMoreThreads.getMessage());
            jobs.remove(command.id(), job);
            threads.remove(job);
            turn.complete(null);
            post(job, result(job, Outcome.notStarted(0, "resource temporarily unavailable"), 0, 0));
        }
    }

    private void post(Job job, JobResult result) {
        job.options().listener().ended(result);
        results().post(result);
    }

    private String queue(Command command) {
        return command.queue().isEmpty() ? queueOf.getOrDefault(command.command(), "") : command.queue();
    }

    private CompletableFuture<Void> enqueue(String queue, CompletableFuture<Void> turn) {
        CompletableFuture<Void> free = CompletableFuture.completedFuture(null);
        if (queue.isEmpty()) {
            return free;
        }
        synchronized (queues) {
            queues.values().removeIf(CompletableFuture::isDone);
            CompletableFuture<Void> before = queues.put(queue, turn);
            return before == null ? free : before;
        }
    }

    private void runInTurn(Job job, Runner runner, CompletableFuture<Void> before, CompletableFuture<Void> turn) {
        try {
            before.get();
            JobResult result = runUntilDone(job, runner);
            jobs.remove(job.command().id(), job);
            post(job, result);
        } catch (InterruptedException stopped) {
            LOG.log(System.Logger.Level.DEBUG, "job {0} is no longer followed", job.command().id());
        } catch (ExecutionException | RuntimeException unexpected) {
            LOG.log(System.Logger.Level.ERROR, "the result of job " + job.command().id() + " was lost", unexpected);
        } finally {
            jobs.remove(job.command().id(), job);
            job.end();
            threads.remove(job);
            turn.complete(null);
        }
    }

    private JobResult runUntilDone(Job job, Runner runner) throws InterruptedException {
        EarlierRuns earlier = job.options().earlier();
        long runs = earlier.runs();
        long paused = earlier.pausedFor(clock().millis());
        JobResult result;
        if (earlier.last().isPresent()) {
            result = result(job, earlier.last().get(), earlier.endedAt(), 0);
        } else {
            result = runOnce(job, runner, earlier.process());
            runs++;
        }
        OptionalLong pause = pause(job, result.outcome(), runs);
        while (pause.isPresent()) {
            Thread.sleep(Math.max(0, pause.getAsLong() - paused));
            if (job.isUnscheduled()) {
                return result;
            }
            paused = 0;
            result = runOnce(job, runner, Optional.empty());
            runs++;
            pause = pause(job, result.outcome(), runs);
        }
        return result;
    }

    /** Milliseconds from the end of a run to the next one; empty when there is none. */
    private static OptionalLong pause(Job job, Outcome last, long runs) {
        Command command = job.command();
        if (job.isUnscheduled()) {
            return OptionalLong.empty();
        }
        if (job.options().keepAlive()) {
            return OptionalLong.of(TimeUnit.SECONDS.toMillis(respawnSeconds(runs)));
        }
        if (!last.succeeded() && runs < command.maxRestart()) {
            return OptionalLong.of(RESTART_MILLIS);
        }
        return command.recurringPeriod() > 0
                ? OptionalLong.of(TimeUnit.SECONDS.toMillis(command.recurringPeriod()))
                : OptionalLong.empty();
    }

    private static long respawnSeconds(long runs) {
        long seconds = FIRST_RESPAWN_SECONDS;
        for (long run = 1; run < runs && seconds < LAST_RESPAWN_SECONDS; run++) {
            seconds = Math.min(LAST_RESPAWN_SECONDS, seconds * 3 / 2);
        }
        return seconds;
    }

    private JobResult result(Job job, Outcome outcome, long startedAt, long took) {
        Command command = job.command();
        return new JobResult(command.id(), command.command(), outcome, startedAt, took, command.tagsNode(), number());
    }

    private JobResult runOnce(Job job, Runner runner, Optional<Spawned> adopted) throws InterruptedException {
        job.beginRun(adopted.flatMap(process -> ProcStat.read(process.pid())).map(ProcStat::startedAtMillis)
                .orElse(clock().millis()));
        long begun = System.nanoTime();
        Command command = job.command();
        Outcome outcome = attempt(job, runner, adopted);
        job.endRun();
        long took = (System.nanoTime() - begun) / 1_000_000;
        if (outcome.state() == JobState.ERROR && command.maxTime() > 0 && took > command.maxTime() * 1000) {
            outcome = outcome.asTimeout();
        }
        job.options().listener().ranTo(outcome);
        return result(job, outcome, job.startedAt(), took);
    }

    /** One run, of which somebody waits for the result, whatever happens. */
    private Outcome attempt(Job job, Runner runner, Optional<Spawned> adopted) throws InterruptedException {
        try {
            return adopted.isPresent()
                    ? (runner == bash ? bash : system).adopt(job, adopted.get())
                    : runner.run(job);
        } catch (RuntimeException unexpected) {
            LOG.log(System.Logger.Level.ERROR, "job " + job.command().id() + " failed", unexpected);
            return Outcome.panic("runtime error: " + unexpected.getMessage());
        }
    }

    /** Whether this command is known here. */
    public boolean knows(String command) {
        return runners.containsKey(command);
    }

    /** Stops following the jobs. Their processes go on, no results are posted. */
    public void detach() {
        threads.values().forEach(Thread::interrupt);
    }

    /** Kills all processes, stops following the jobs, and waits a moment for what follows them to remove its files. */
    public void kill() {
        jobs().forEach(job -> job.signal(Signals.KILL));
        List<Thread> followers = List.copyOf(threads.values());
        detach();
        long deadline = System.nanoTime() + PARTING.toNanos();
        try {
            for (Thread follower : followers) {
                follower.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
