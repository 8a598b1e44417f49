package zship.localnode.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.job.Core;
import zship.localnode.job.GoJson;
import zship.localnode.job.Outcome;
import zship.localnode.job.Results;
import zship.localnode.process.HostSpawner;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.Spawner;
import zship.localnode.resp.Keyspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of services when the node's process is another one than that which started them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServiceSliceTest {
    private static final Outcome DONE = Outcome.json(GoJson.nodes().nullNode());
    private static final Outcome FAILED = Outcome.notStarted(1003, "");
    private static final long LONG = 3600;

    @TempDir
    private Path folder;
    private final Keyspace keyspace = new Keyspace(Clock.systemUTC(), 1 << 20);
    private final Map<String, ServiceProgress> book = new ConcurrentHashMap<>();
    private final Semaphore changes = new Semaphore(0);
    private Core core;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("jobs"));
        Files.createDirectories(folder.resolve("logs"));
        core = newCore();
    }

    private Core newCore() {
        return newCore(new HostSpawner(Map.of("PATH", System.getenv("PATH"))));
    }

    private Core newCore(Spawner spawner) {
        return new Core(new Core.Parts(1, new Results(keyspace), spawner, folder.resolve("jobs"), Clock.systemUTC()),
                self -> Map.of());
    }

    @AfterEach
    void stop() {
        core.kill();
    }

    /** A shell command as a service; {@code options} are lines of the start-up file. */
    private static String service(String key, String script, String options) {
        return "[startup." + key + "]\nname='bash'\n" + options + "\n[startup." + key + ".args]\nscript='" + script
                + "'\n";
    }

    private CompletableFuture<Void> boot(String... services) throws StartupException {
        return new ServiceSlice(core, folder.resolve("logs"), (key, change) -> {
            book.compute(key, (name, before) -> change.apply(before == null ? ServiceProgress.NONE : before));
            changes.release();
        })
                .boot(new StartupFile(Map.of(), Map.of()).read(String.join("", services)), Map.copyOf(book));
    }

    private void await(String key, Predicate<ServiceProgress> wanted) throws InterruptedException {
        while (Optional.ofNullable(book.get(key)).filter(wanted).isEmpty()) {
            changes.acquire();
        }
    }

    private String result(String key) throws InterruptedException {
        return new String(keyspace.awaitRotate("result:" + key, "result:" + key, 20_000).orElseThrow(), UTF_8);
    }

    private Path fifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        return fifo;
    }

    private static long ago(long seconds) {
        return System.currentTimeMillis() - seconds * 1000;
    }

    @Test
    void recurringServiceInItsPauseRunsAgainWhenThePauseIsOver() throws Exception {
        book.put("r", ServiceProgress.NONE.withEnd(DONE, ago(LONG)).nowReady());
        Path fifo = fifo();
        boot(service("r", "echo again > " + fifo, "recurring_period=3600")).join();
        assertThat(Files.readString(fifo)).isEqualTo("again\n");
    }

    @Test
    void recurringServiceWaitsForTheRestOfItsPause() throws Exception {
        book.put("r", ServiceProgress.NONE.withEnd(FAILED, ago(10)).nowReady());
        boot(service("r", "exit 0", "recurring_period=3600")).join();
        assertThat(core.job("r").orElseThrow().process()).isEmpty();
        assertThat(book.get("r").runs()).isOne();
    }

    @Test
    void failingServiceRunsAsOftenAsItMayInAll() throws Exception {
        book.put("f", ServiceProgress.NONE.withEnd(FAILED, ago(LONG)));
        boot(service("f", "exit 4", "max_restart=3"));
        assertThat(result("f")).contains("\"code\":1004");
        assertThat(book.get("f").runs()).isEqualTo(3);
        assertThat(book.get("f").over()).isTrue();
    }

    @Test
    void serviceThatEndedWellLetsThoseStartThatWaitForIt() throws Exception {
        book.put("once", ServiceProgress.NONE.withEnd(DONE, ago(LONG)).nowOver());
        boot(service("once", "exit 9", "running_delay=-1"),
                service("next", "echo started", "after=['once']\nrunning_delay=-1")).join();
        assertThat(result("next")).contains("started\\n");
        assertThat(keyspace.length("result:once")).isZero();
    }

    @Test
    void serviceThatFailedDoesNot() throws Exception {
        book.put("once", ServiceProgress.NONE.withEnd(FAILED, ago(LONG)).nowOver());
        boot(service("once", "exit 0", ""), service("next", "exit 0", "after=['once']")).join();
        assertThat(book).doesNotContainKey("next");
        assertThat(core.jobs()).isEmpty();
    }

    @Test
    void serviceWhoseProcessHasGoneMeanwhileGoesOnAsIfItHadFailed() throws Exception {
        ProcessMark gone = new ProcessMark(ProcessHandle.current().pid(), "another boot:1");
        book.put("once", ServiceProgress.NONE.withProcess(gone));
        book.put("twice", ServiceProgress.NONE.withProcess(gone));
        boot(service("once", "exit 0", "running_delay=-1"),
                service("twice", "exit 0", "max_restart=2\nrunning_delay=-1")).join();
        assertThat(result("once")).contains("ERROR", "\"code\":999");
        assertThat(result("twice")).contains("SUCCESS");
    }

    @Test
    void serviceThatRunsIsTakenOverWithWhatItHasSaidOfItself() throws Exception {
        String daemon = service("daemon", "echo READY; exec sleep 1000", "running_match='^READY$'");
        boot(daemon).join();
        ServiceProgress before = book.get("daemon");
        assertThat(before.ready()).isTrue();
        assertThat(before.process().filter(ProcessMark::isAlive)).isPresent();
        core.detach();
        core = newCore();
        boot(daemon, service("next", "echo started", "after=['daemon']\nrunning_delay=-1")).join();
        assertThat(result("next")).contains("SUCCESS");
        assertThat(book.get("daemon")).isEqualTo(before);
        assertThat(core.job("daemon").orElseThrow().process().map(process -> process.pid()))
                .isEqualTo(before.process().map(ProcessMark::pid));
    }

    @Test
    void serviceThatIsLongInStartingDoesNotCountAsRunningMeanwhile() throws Exception {
        Spawner host = new HostSpawner(Map.of("PATH", System.getenv("PATH")));
        CompletableFuture<Void> othersRun = new CompletableFuture<>();
        core.kill();
        core = newCore(launch -> {
            if (launch.arguments().contains("exit 7")) {
                othersRun.join();
            }
            return host.spawn(launch);
        });
        CompletableFuture<Void> booted = boot(service("other", "exec sleep 1000", "running_delay=1"),
                service("slow", "exit 7", "running_delay=1"),
                service("next", "exit 0", "after=['slow']"),
                service("last", "exec sleep 1000", "after=['other']\nrunning_delay=1"));
        await("last", ServiceProgress::ready);
        othersRun.complete(null);
        booted.join();
        assertThat(result("slow")).contains("\"code\":1007");
        assertThat(book).doesNotContainKey("next");
    }

    @Test
    void serviceThatCanNeverBeStartedKeepsNobodyWaiting() throws Exception {
        boot("[startup.none]\nname='core.system'\nprotected=true\nrunning_delay=1\n[startup.none.args]\nname='/no/such'\n",
                service("next", "exit 0", "after=['none']\nrunning_delay=-1")).join();
        assertThat(result("next")).contains("SUCCESS");
    }

    @Test
    void serviceThatRunsButIsNotReadyIsWaitedFor() throws Exception {
        Path fifo = fifo();
        String daemon = service("daemon", "read go < " + fifo + "; echo READY; exec sleep 1000",
                "running_match='READY'");
        String next = service("next", "echo started", "after=['daemon']\nrunning_delay=-1");
        boot(daemon);
        await("daemon", daemonNow -> daemonNow.process().isPresent());
        core.detach();
        core = newCore();
        CompletableFuture<Void> booted = boot(daemon, next);
        assertThat(core.job("next")).isEmpty();
        assertThat(booted).isNotDone();
        Files.writeString(fifo, "go\n");
        booted.join();
        assertThat(result("next")).contains("SUCCESS");
    }
}
