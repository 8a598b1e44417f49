package zship.localnode;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.mount.RootMode;

import static org.assertj.core.api.Assertions.assertThat;

/** One node in this process, which a test opens and asks; at the end nothing of it is left. */
abstract class RunningNode {
    @TempDir
    Path folder;
    LocalNode node;
    NodeQueue queue;

    void open(RootMode mode) throws IOException {
        node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts().withRoots(mode));
        queue = new NodeQueue(node.state());
    }

    @AfterEach
    void stop() throws IOException {
        queue.close();
        node.stopContainers();
        node.close();
        assertThat(Remains.of(folder)).isEmpty();
    }
}
