package zship.recorded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import zship.localnode.LocalNode;
import zship.localnode.LocalNodeConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** Every recorded conversation with a real node is played to the local node, which gives the same answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Execution(ExecutionMode.CONCURRENT)
class NodeReplayIT {
    @TempDir
    private static Path shared;
    private static RecordedRoots roots;

    @BeforeAll
    static void packRoots() throws IOException {
        roots = new RecordedRoots(shared);
    }

    @AfterAll
    static void closeRoots() {
        roots.close();
    }

    static List<NodeCase> cases() {
        return NodeCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void localNodeAnswersAsTheRealOne(NodeCase recorded, @TempDir Path folder) throws Exception {
        Path counter = folder.resolve("node/containers/last-id");
        Files.createDirectories(counter.getParent());
        Files.writeString(counter, Integer.toString(recorded.lastContainerBefore()));
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts());
                RawRedis client = new RawRedis(node.state().nodeAddress())) {
            NodeReplay replay = new NodeReplay(recorded, node.state(), client, roots, folder);
            try {
                replay.play();
            } catch (IOException silence) {
                throw new AssertionError(silence.getMessage() + " after " + replay.differences(), silence);
            } finally {
                node.stopContainers();
            }
            assertThat(replay.differences()).isEmpty();
        }
    }
}
