package zship.localnode.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import zship.localnode.job.Command;
import zship.localnode.job.Core;
import zship.localnode.job.EarlierRuns;
import zship.localnode.job.JobListener;
import zship.localnode.job.JobOptions;
import zship.localnode.job.JobResult;
import zship.localnode.job.Message;
import zship.localnode.job.Outcome;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.Spawned;

/** Starts the services of a container, each when those it waits for are running. */
final class ServiceSlice {

    private static final System.Logger LOG = System.getLogger(ServiceSlice.class.getName());
    private static final long DEFAULT_DELAY = 2;
    private static final Set<String> PROGRAMS = Set.of("bash", "core.system");

    /** Remembers how far a service is. */
    @FunctionalInterface
    interface Book {
        void note(String service, UnaryOperator<ServiceProgress> change);
    }

    private final Core core;
    private final Path logs;
    private final Book book;
    private final Map<String, CompletableFuture<Boolean>> running = new HashMap<>();

    ServiceSlice(Core core, Path logs, Book book) {
        this.core = core;
        this.logs = logs;
        this.book = book;
    }

    /**
     * Starts them.
     *
     * @param  services what the start-up file says
     * @param  known    services that an earlier node process started: they go on from where they were
     * @return          done when each service is running, has ended or is skipped
     */
    CompletableFuture<Void> boot(List<Service> services, Map<String, ServiceProgress> known) {
        services.forEach(service -> running.put(service.key(), new CompletableFuture<>()));
        services.forEach(service -> prepare(service, known));
        return CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Boolean> state(String key) {
        return running.getOrDefault(key, CompletableFuture.completedFuture(true));
    }

    private void prepare(Service service, Map<String, ServiceProgress> known) {
        Optional<ServiceProgress> before = Optional.ofNullable(known.get(service.key()));
        if (!service.wanted()) {
            LOG.log(System.Logger.Level.INFO, "container {0}: service {1} skipped, its condition is unmet",
                    Integer.toString(core.number()), service.key());
            state(service.key()).complete(false);
        } else if (before.isPresent()) {
            goOn(service, before.get());
        } else {
            waitThenStart(service);
        }
    }

    private void goOn(Service service, ServiceProgress before) {
        if (before.over()) {
            state(service.key()).complete(before.wentWell());
        } else if (before.ready()) {
            state(service.key()).complete(true);
            submit(service, before.earlier(), state(service.key()));
        } else {
            start(service, before.earlier());
        }
    }

    private void waitThenStart(Service service) {
        CompletableFuture<?>[] needed = service.after().stream().map(this::state).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(needed).thenRun(() -> {
            if (service.after().stream().allMatch(name -> state(name).join())) {
                start(service, EarlierRuns.NONE);
            } else {
                LOG.log(System.Logger.Level.WARNING, "container {0}: service {1} not started, a dependency failed",
                        Integer.toString(core.number()), service.key());
                state(service.key()).complete(false);
            }
        });
    }

    private void start(Service service, EarlierRuns earlier) {
        CompletableFuture<Boolean> isRunning = new CompletableFuture<>();
        isRunning.thenAccept(well -> {
            // Noted first: whoever is started by this must not be kept waiting by the next process of the node.
            if (well) {
                book.note(service.key(), ServiceProgress::nowReady);
            }
            state(service.key()).complete(well);
        });
        submit(service, earlier, isRunning);
        // Runs of before have begun to count; a command of the node itself has no process whose start could be waited for.
        if (earlier.runs() > 0 || !PROGRAMS.contains(service.command())) {
            countDelay(service, isRunning);
        }
    }

    private static void countDelay(Service service, CompletableFuture<Boolean> isRunning) {
        if (service.runningMatch().isEmpty() && service.runningDelay() >= 0) {
            long seconds = service.runningDelay() == 0 ? DEFAULT_DELAY : service.runningDelay();
            isRunning.completeOnTimeout(true, seconds, TimeUnit.SECONDS);
        }
    }

    private void submit(Service service, EarlierRuns earlier, CompletableFuture<Boolean> isRunning) {
        Command command = new Command(service.key(), service.command(), Optional.of(service.arguments()), "", 0,
                service.maxRestart(), service.recurringPeriod(), false, service.tags());
        core.submit(command, new JobOptions(service.keepAlive(), Optional.of(log(service.key())),
                new Watcher(service, isRunning), earlier));
    }

    /** A file name that no two services share and that stays in the folder. */
    private Path log(String key) {
        String safe = key.replaceAll("[^A-Za-z0-9_-]", "_");
        return logs.resolve(
                safe.equals(key) && key.length() < 100 ? key : "service-" + Integer.toHexString(key.hashCode()));
    }

    private final class Watcher implements JobListener {
        private final Service service;
        private final CompletableFuture<Boolean> isRunning;

        Watcher(Service service, CompletableFuture<Boolean> isRunning) {
            this.service = service;
            this.isRunning = isRunning;
        }

        @Override
        public void started(Spawned process) {
            // Not before: a process that takes long to start is not running while it does.
            countDelay(service, isRunning);
            if (!(process instanceof AdoptedProcess)) {
                ProcessMark.of(process.pid())
                        .ifPresent(mark -> book.note(service.key(), before -> before.withProcess(mark)));
            }
        }

        @Override
        public void said(Message message) {
            if (!isRunning.isDone() && service.runningMatch().filter(match -> match.isIn(message.text())).isPresent()) {
                isRunning.complete(true);
            }
        }

        @Override
        public void ranTo(Outcome outcome) {
            // Of a program that cannot be started there is no more to wait for.
            countDelay(service, isRunning);
            long now = core.clock().millis();
            book.note(service.key(), before -> before.withEnd(outcome, now));
            boolean again = service.keepAlive() || service.recurringPeriod() > 0;
            if (outcome.succeeded() && again) {
                isRunning.complete(true);
            } else if (!outcome.succeeded()) {
                LOG.log(System.Logger.Level.WARNING, "container {0}: service {1} ended with {2}, code {3}",
                        Integer.toString(core.number()), service.key(), outcome.state(),
                        Long.toString(outcome.code()));
            }
        }

        @Override
        public void ended(JobResult result) {
            book.note(service.key(), ServiceProgress::nowOver);
            isRunning.complete(result.outcome().succeeded());
        }
    }
}
