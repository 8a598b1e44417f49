package zship.localnode.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import zship.localnode.container.ContainerService;
import zship.localnode.files.FileCommands;
import zship.localnode.files.RootedFiles;
import zship.localnode.mount.RootMode;
import zship.localnode.process.HostSpawner;
import zship.localnode.process.ProcessTable;
import zship.localnode.resp.Keyspace;
import zship.localnode.resp.Keyspace.End;

import static org.assertj.core.api.Assertions.assertThat;

/** The node's queue and commands without servers; containers can be asked for but not made. */
final class NodeFixture implements AutoCloseable {
    final Keyspace keyspace = new Keyspace(Clock.systemUTC(), 64 << 20);
    final Results results = new Results(keyspace);
    final Core core;
    private final QueueReader reader;

    NodeFixture(Path directory) throws IOException, InterruptedException {
        Path jobs = Files.createDirectories(directory.resolve("jobs"));
        Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
        ContainerService containers = ContainerService.start(new ContainerService.Settings(directory, environment,
                Path.of("/usr/bin/catatonit"), results, Clock.systemUTC(), "zdb://127.0.0.1:1", "test", RootMode.LAZY));
        long self = ProcessHandle.current().pid();
        GeneralCommands.Place place = new GeneralCommands.Place("test", ProcessTable::ofMachine, () -> self,
                () -> "here", environment, containers::isForwarder);
        core = new Core(new Core.Parts(0, results, new HostSpawner(environment), jobs, Clock.systemUTC()), made -> {
            Map<String, Builtin> all = new HashMap<>(GeneralCommands.of(made, place));
            all.putAll(FileCommands.of(new RootedFiles(Path.of("/"), () -> true), Clock.systemUTC()));
            all.putAll(results.logs().commands());
            all.putAll(containers.commands());
            return all;
        });
        reader = QueueReader.start(keyspace, results, core);
    }

    void push(String envelope) {
        keyspace.push(QueueReader.QUEUE, End.RIGHT, List.of(envelope.getBytes(StandardCharsets.UTF_8)));
    }

    /** Waits until the command is accepted. */
    void awaitFlag(String id) throws InterruptedException {
        String flag = "result:" + id + ":flag";
        assertThat(keyspace.awaitRotate(flag, flag, 10_000)).as("flag of " + id).isPresent();
    }

    /** Waits for a result, which stays. */
    String result(String id) throws InterruptedException {
        String key = "result:" + id;
        return new String(keyspace.awaitRotate(key, key, 20_000).orElseThrow(), StandardCharsets.UTF_8);
    }

    String run(String id, String envelope) throws InterruptedException {
        push(envelope);
        return result(id);
    }

    /** Takes messages off a stream up to the last one. */
    List<String> stream(String id) throws InterruptedException {
        List<String> messages = new ArrayList<>();
        while (messages.isEmpty() || (meta(messages.getLast()) & 6) == 0) {
            messages.add(new String(keyspace.awaitPop(List.of("stream:" + id), End.LEFT, 10_000).orElseThrow().value(),
                    StandardCharsets.UTF_8));
        }
        return messages;
    }

    private static long meta(String message) {
        return GoJson.read(message).orElseThrow().path("message").path("meta").asLong(0);
    }

    @Override
    public void close() {
        reader.close();
        core.kill();
    }
}
