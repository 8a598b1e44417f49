package zship.localnode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A folder for nodes that come and go; at the end nothing of them is left. */
abstract class FreshNode {
    static final List<Map<String, Object>> NETWORK = List.of(Map.of("type", "default"));

    @TempDir
    Path folder;

    @AfterEach
    void removeEverything() throws Exception {
        try (LocalNode last = LocalNode.start(LocalNodeConfig.of(folder))) {
            last.stopContainers();
        }
        assertThat(Remains.of(folder)).isEmpty();
    }
}
