package zship.localnode.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import zship.localnode.process.HostSpawner;
import zship.localnode.process.Spawner;
import zship.localnode.resp.Keyspace;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JobTest {
    @TempDir
    private Path directory;
    private NodeFixture node;

    @BeforeEach
    void start() throws Exception {
        node = new NodeFixture(directory);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void flagHasNoTimeToLiveWhileTheJobRunsAndExpiresAfterIt() throws Exception {
        node.push(bash("a", "read line", "\"stdin\": \"go\\n\""));
        node.result("a");
        assertThat(node.keyspace.timeToLive("result:a:flag").getAsLong()).isBetween(290_000L, 300_000L);
        // The result is pushed first and gets its time to live right after that.
        while (node.keyspace.timeToLive("result:a").getAsLong() == -1) {
            Thread.onSpinWait();
        }
        assertThat(node.keyspace.timeToLive("result:a").getAsLong()).isBetween(290_000L, 300_000L);
        node.push(bash("b", "sleep 60", ""));
        node.awaitFlag("b");
        assertThat(node.keyspace.timeToLive("result:b:flag")).hasValue(-1);
    }

    @Test
    void secondCommandWithAKnownIdIsDropped() throws Exception {
        node.run("a", bash("a", "echo first", ""));
        node.push(bash("a", "echo second", ""));
        node.run("b", bash("b", "true", ""));
        assertThat(node.keyspace.length("result:a")).isOne();
        assertThat(node.keyspace.length("result:a:flag")).isOne();
        assertThat(node.result("a")).contains("first");
    }

    @Test
    void undecodableItemsAndMissingIdsAreDroppedAndTheNodeGoesOn() throws Exception {
        for (String item : List.of("{not json", "", "[]", "\"x\"", "null", "{\"command\":\"core.ping\"}",
                "{\"id\":\"\",\"command\":\"core.ping\"}", "{\"id\":5,\"command\":\"core.ping\"}",
                "{\"id\":\"w1\",\"command\":\"core.ping\",\"tags\":\"x\"}",
                "{\"id\":\"w2\",\"command\":\"core.ping\",\"stream\":\"yes\"}",
                "{\"id\":\"w3\",\"command\":\"core.ping\",\"max_time\":5.5}")) {
            node.push(item);
        }
        assertThat(node.run("ok", "{\"ID\":\"ok\",\"Command\":\"core.ping\"}")).contains("SUCCESS");
        for (String id : List.of("", "w1", "w2", "w3")) {
            assertThat(node.keyspace.length("result:" + id + ":flag")).as(id).isZero();
        }
    }

    @Test
    void commandsOfOneQueueRunOneAfterTheOther() throws Exception {
        Path file = directory.resolve("order");
        for (String id : List.of("1", "2", "3")) {
            node.push("{\"id\":\"" + id + "\",\"command\":\"bash\",\"queue\":\"q\",\"arguments\":{\"script\":\"echo in"
                    + id
                    + " >> " + file + "; sleep 0.05; echo out" + id + " >> " + file + "\"}}");
            node.awaitFlag(id);
        }
        node.result("3");
        assertThat(file).hasContent("in1\nout1\nin2\nout2\nin3\nout3");
    }

    @Test
    void killedJobEndsWithCode999() throws Exception {
        node.push(bash("a", "sleep 60", ""));
        node.awaitFlag("a");
        awaitProcess("a");
        assertThat(node.run("k", command("k", "job.kill", "{\"id\":\"a\"}"))).contains("\"data\":\"true\"");
        assertThat(node.result("a")).contains("\"state\":\"ERROR\",\"code\":999");
        assertThat(node.run("l", command("l", "job.list", "{\"id\":\"a\"}")))
                .contains("Process with id 'a' doesn't exist");
    }

    @Test
    void jobListShowsTheCommandAndThePid() throws Exception {
        node.push(command("s", "core.system", "{\"name\":\"sleep\",\"args\":[\"60\"]}"));
        node.awaitFlag("s");
        awaitProcess("s");
        JsonNode result = GoJson.read(node.run("l", command("l", "job.list", "{\"id\":\"s\"}"))).orElseThrow();
        JsonNode job = GoJson.read(result.path("data").asString("")).orElseThrow().get(0);
        assertThat(job.propertyStream().map(field -> field.getKey())).containsExactly("cpu", "rss", "vms", "swap",
                "starttime", "cmd", "pid");
        assertThat(job.get("cmd").toString()).isEqualTo("{\"id\":\"s\",\"command\":\"core.system\",\"arguments\":"
                + "{\"name\":\"sleep\",\"args\":[\"60\"]},\"queue\":\"\",\"stream\":false,\"tags\":null}");
        assertThat(ProcessHandle.of(job.get("pid").longValue())).isPresent();
    }

    @Test
    void streamCarriesOutputAndAnEndFlag() throws Exception {
        node.push("{\"id\":\"a\",\"stream\":true,\"command\":\"bash\",\"arguments\":"
                + "{\"script\":\"echo one; sleep 0.3; echo two >&2; sleep 0.3; exit 3\"}}");
        List<String> messages = node.stream("a");
        assertThat(messages).hasSize(3);
        assertThat(messages.get(0))
                .startsWith("{\"core\":0,\"command\":\"a\",\"message\":{\"message\":\"one\\n\",\"epoch\":")
                .endsWith("\"meta\":65537}}");
        assertThat(messages.get(1)).contains("\"two\\n\"").endsWith("\"meta\":131073}}");
        assertThat(messages.get(2)).contains("\"message\":\"\"").endsWith("\"meta\":131077}}");
    }

    @Test
    void streamOfABuiltinIsItsResult() throws Exception {
        node.push("{\"id\":\"a\",\"stream\":true,\"command\":\"corex.get\",\"arguments\":{}}");
        assertThat(node.stream("a")).singleElement().asString().contains("\\\"invalid query\\\"")
                .endsWith("\"meta\":1310725}}");
    }

    @Test
    void subscriberGetsOutputOfTheOtherJobUntilItEnds() throws Exception {
        node.push(bash("a", "echo first; read go < " + fifo() + "; echo last", ""));
        node.awaitFlag("a");
        awaitProcess("a");
        node.push("{\"id\":\"s\",\"stream\":true,\"command\":\"core.subscribe\",\"arguments\":{\"id\":\"a\"}}");
        node.awaitFlag("s");
        node.run("w", bash("w", "echo go > " + fifo(), ""));
        assertThat(node.result("s"))
                .contains("\"streams\":[\"first\\nlast\\n\",\"\"],\"level\":0,\"state\":\"SUCCESS\"");
        assertThat(node.stream("s").getLast()).endsWith("\"meta\":65539}}");
    }

    private Path fifo() throws Exception {
        Path fifo = directory.resolve("fifo");
        if (!Files.exists(fifo)) {
            new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        }
        return fifo;
    }

    @Test
    void clientThatFillsTheListsStopsNoJobAndNotTheQueue() throws Exception {
        node.run("l", command("l", "logger.subscribe", "{\"queue\":\"all\"}"));
        node.push("{\"id\":\"a\",\"command\":\"bash\",\"stream\":true,\"arguments\":{\"script\":\"read go < " + fifo()
                + "; seq 100\"}}");
        node.awaitFlag("a");
        awaitProcess("a");
        fill();
        Files.writeString(fifo(), "go\n");
        assertThat(node.result("a")).contains("SUCCESS", "1\\n2\\n3", "99\\n100\\n");
        assertThat(node.stream("a").getLast()).endsWith("\"meta\":65539}}");
        node.results.accept("c");
        node.awaitFlag("c");
        node.keyspace.delete("hoard");
        assertThat(node.run("b", bash("b", "echo heard", ""))).contains("heard");
    }

    /** So that not even an empty element fits. */
    private void fill() {
        for (byte[] item : List.of(new byte[1 << 20], new byte[1000], new byte[0])) {
            try {
                while (true) {
                    node.keyspace.push("hoard", Keyspace.End.RIGHT, List.of(item));
                }
            } catch (Keyspace.FullException full) {
                assertThat(node.keyspace.length("hoard")).isPositive();
            }
        }
    }

    @Test
    void queueIsReadWhileAnotherClientFillsTheListsAgainAndAgain() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread hostile = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                fill();
            }
        });
        try {
            for (int i = 0; i < 300; i++) {
                pushOnceThereIsRoom(command("p" + i, "core.ping", "{}"));
                assertThat(node.result("p" + i)).contains("PONG");
            }
        } finally {
            over.set(true);
            hostile.join();
        }
    }

    private void pushOnceThereIsRoom(String envelope) {
        boolean pushed = false;
        while (!pushed) {
            try {
                node.push(envelope);
                pushed = true;
            } catch (Keyspace.FullException full) {
                node.keyspace.pop("hoard", Keyspace.End.RIGHT);
            }
        }
    }

    @Test
    void commandWithAnIdThatFillsTheListsIsDropped() throws Exception {
        node.push(command("x".repeat(5000), "core.ping", "{}"));
        assertThat(node.run("b", command("b", "core.ping", "{}"))).contains("PONG");
        assertThat(node.keyspace.length("result:" + "x".repeat(5000))).isZero();
    }

    @Test
    void slowOutputKeepsTheLastHundredChunks() {
        Capture capture = new Capture();
        for (int i = 0; i < 150; i++) {
            capture.add(new Message(0, Message.STDOUT, Message.CHUNK, i + "\n"));
        }
        assertThat(capture.outcome(JobState.SUCCESS, 0).streams().orElseThrow().stdout()).startsWith("50\n")
                .endsWith("149\n");
    }

    @Test
    void bigOutputArrivesWhole() throws Exception {
        node.push(bash("a", "head -c 1000000 /dev/zero | tr '\\\\0' x", ""));
        assertThat(node.result("a")).contains("x".repeat(1_000_000));
    }

    @Test
    void recurringJobRunsUntilUnscheduled() throws Exception {
        Path file = directory.resolve("runs");
        node.push("{\"id\":\"r\",\"command\":\"bash\",\"recurring_period\":1,\"arguments\":{\"script\":\"echo x >> "
                + file
                + "\"}}");
        node.awaitFlag("r");
        while (!Files.exists(file) || Files.size(file) < 4) {
            Thread.onSpinWait();
        }
        assertThat(node.keyspace.length("result:r")).isZero();
        assertThat(node.run("u", command("u", "job.unschedule", "{\"id\":\"r\"}"))).contains("\"data\":\"true\"");
        assertThat(node.result("r")).contains("SUCCESS");
    }

    @Test
    void outputFilesAreGoneAfterTheJob() throws Exception {
        node.run("a", bash("a", "echo x; cat", "\"stdin\": \"secret\""));
        assertThat(directory.resolve("jobs")).isEmptyDirectory();
    }

    private void awaitProcess(String id) {
        while (node.core.job(id).flatMap(Job::process).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static String command(String id, String name, String arguments) {
        return "{\"id\":\"" + id + "\",\"command\":\"" + name + "\",\"arguments\":" + arguments + "}";
    }

    @Test
    void jobThatADefectBreaksOffHasAResultAndLetsTheNextOfItsQueueRun() throws Exception {
        AtomicBoolean defect = new AtomicBoolean(true);
        Spawner host = new HostSpawner(Map.of("PATH", System.getenv("PATH")));
        Spawner spawner = launch -> {
            if (defect.getAndSet(false)) {
                throw new IllegalStateException("nobody expected this");
            }
            return host.spawn(launch);
        };
        Core core = new Core(new Core.Parts(0, node.results, spawner, directory, Clock.systemUTC()), made -> Map.of());
        try {
            for (String id : List.of("broken", "next")) {
                core.submit(Envelope.parse("{\"id\":\"" + id + "\",\"command\":\"bash\",\"queue\":\"q\","
                        + "\"arguments\":{\"script\":\"echo here\"}}").orElseThrow());
            }
            assertThat(node.result("broken")).contains("\"state\":\"ERROR\"",
                    "PANIC(runtime error: nobody expected this)");
            assertThat(node.result("next")).contains("\"state\":\"SUCCESS\"", "here");
        } finally {
            core.kill();
        }
    }

    private static String bash(String id, String script, String more) {
        return command(id, "bash", "{\"script\":\"" + script + "\"" + (more.isEmpty() ? "" : "," + more) + "}");
    }
}
