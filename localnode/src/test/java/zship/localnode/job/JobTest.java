package zship.localnode.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

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

    private static String bash(String id, String script, String more) {
        return command(id, "bash", "{\"script\":\"" + script + "\"" + (more.isEmpty() ? "" : "," + more) + "}");
    }
}
