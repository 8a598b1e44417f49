package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import tools.jackson.databind.JsonNode;

import zship.localnode.process.Exit;
import zship.localnode.process.Launch;
import zship.localnode.process.Signals;
import zship.localnode.process.SpawnException;
import zship.localnode.process.Spawned;
import zship.localnode.process.Spawner;

/** Runs {@code core.system} and {@code bash}: a process whose output becomes messages. */
final class ProcessRunner implements Runner {

    private static final String NIL = "runtime error: invalid memory address or nil pointer dereference";
    private static final long SHORTEST_PAUSE = 2;
    private static final long LONGEST_PAUSE = 100;
    private static final long REPLAYED = 32 << 10;

    /** Makes what is started of a command's arguments. */
    @FunctionalInterface
    interface Launcher {
        Launch of(JsonNode arguments, OutputFiles files);
    }

    private final Spawner spawner;
    private final Path work;
    private final Launcher launcher;

    ProcessRunner(Spawner spawner, Path work, Launcher launcher) {
        this.spawner = spawner;
        this.work = work;
        this.launcher = launcher;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        Optional<JsonNode> arguments = job.command().arguments();
        if (arguments.isEmpty()) {
            return Outcome.panic(NIL);
        }
        try (OutputFiles files = OutputFiles.create(work, job.options().log(), text(arguments.get(), "stdin"))) {
            long[] from = {Files.size(files.stdout()), Files.size(files.stderr())};
            Spawned process;
            try {
                process = spawner.spawn(launcher.of(arguments.get(), files));
            } catch (SpawnException refused) {
                return job.wasSignalledEarly()
                        ? new Capture().outcome(JobState.ERROR, Outcome.SIGNALLED)
                        : Outcome.notStarted(refused.code(), refused.text());
            }
            files.inputOpened();
            return follow(job, process, files, from);
        } catch (IOException broken) {
            return lost(broken);
        }
    }

    /** Goes on with a process that was started by an earlier node process; the end of its log is read again. */
    Outcome adopt(Job job, Spawned process) throws InterruptedException {
        try (OutputFiles files = OutputFiles.create(work, job.options().log(), "")) {
            long[] from = {Math.max(0, Files.size(files.stdout()) - REPLAYED),
                Math.max(0, Files.size(files.stderr()) - REPLAYED)};
            return follow(job, process, files, from);
        } catch (IOException broken) {
            return lost(broken);
        }
    }

    /** An interrupted thread finds its files closed: that is no failure of the job. */
    private static Outcome lost(IOException broken) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return Outcome.notStarted(0, "output of the job: " + broken.getMessage());
    }

    /** What {@code bash} starts: a missing script is not replaced, as on 0-core. */
    static Launch shell(JsonNode arguments, OutputFiles files) {
        String script = arguments.has("script") ? arguments.get("script").asString("") : "{script}";
        return new Launch("sh", List.of("-c", script), "", Map.of(), true, files.stdin(), files.stdout(),
                files.stderr());
    }

    /** What {@code core.system} starts. */
    static Launch program(JsonNode arguments, OutputFiles files) {
        List<String> list = new ArrayList<>();
        if (arguments.path("args").isArray()) {
            arguments.get("args").forEach(item -> list.add(item.asString("")));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        arguments.path("env").propertyStream()
                .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asString("")));
        return new Launch(text(arguments, "name"), list, text(arguments, "dir"), environment, false, files.stdin(),
                files.stdout(), files.stderr());
    }

    private static String text(JsonNode arguments, String field) {
        JsonNode value = arguments.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    private Outcome follow(Job job, Spawned process, OutputFiles files, long[] from)
            throws IOException, InterruptedException {
        Capture capture = new Capture();
        OutputParser out = new OutputParser(Message.STDOUT, (level, text) -> say(job, capture, level, text));
        OutputParser err = new OutputParser(Message.STDERR, (level, text) -> say(job, capture, level, text));
        job.started(process);
        Exit exit;
        boolean late;
        try (Tail stdout = new Tail(files.stdout(), from[0], files.kept(), out::add);
                Tail stderr = new Tail(files.stderr(), from[1], files.kept(), err::add)) {
            CompletableFuture<Exit> end = endOf(process);
            late = pump(job, process, stdout, stderr, end);
            exit = end.join();
        }
        out.end();
        err.end();
        boolean good = exit.code() == 0 && !exit.signalled();
        job.say(good ? Message.STDOUT : Message.STDERR,
                Message.CHUNK | (good ? Message.SUCCESS : Message.FAILURE), "");
        JobState state = good ? JobState.SUCCESS : late ? JobState.TIMEOUT : JobState.ERROR;
        long failure = exit.signalled() ? Outcome.SIGNALLED : Outcome.EXIT_BASE + exit.code();
        return capture.outcome(state, good ? 0 : failure);
    }

    private static void say(Job job, Capture capture, int level, String text) {
        capture.add(job.say(level, Message.CHUNK, text));
    }

    private static CompletableFuture<Exit> endOf(Spawned process) {
        CompletableFuture<Exit> end = new CompletableFuture<>();
        Thread.ofVirtual().name("wait-" + process.pid()).start(() -> {
            try {
                end.complete(process.await());
            } catch (InterruptedException stopped) {
                end.completeExceptionally(stopped);
            }
        });
        return end;
    }

    /** Copies output until the process ends; true when it had to be killed because its time was up. */
    private static boolean pump(Job job, Spawned process, Tail stdout, Tail stderr, CompletableFuture<Exit> end)
            throws IOException, InterruptedException {
        long limit = TimeUnit.SECONDS.toNanos(job.command().maxTime());
        long begun = System.nanoTime();
        boolean late = false;
        long pause = SHORTEST_PAUSE;
        while (true) {
            boolean moved = stdout.poll() | stderr.poll();
            pause = moved ? SHORTEST_PAUSE : Math.min(pause * 2, LONGEST_PAUSE);
            if (limit > 0 && !late && System.nanoTime() - begun > limit) {
                late = true;
                process.signal(Signals.KILL, true);
            }
            try {
                end.get(pause, TimeUnit.MILLISECONDS);
                return late;
            } catch (TimeoutException running) {
                continue;
            } catch (ExecutionException lost) {
                throw new IOException("the process cannot be waited for", lost.getCause());
            }
        }
    }
}
