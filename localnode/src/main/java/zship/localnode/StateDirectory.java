package zship.localnode;

import java.nio.file.Path;
import java.util.Optional;

/** Names below the state folder. */
record StateDirectory(Path root) {

    static StateDirectory of(Path stateDirectory) {
        return new StateDirectory(stateDirectory.resolve("node"));
    }

    Optional<NodeState> readState() {
        return Optional.empty();
    }

    static boolean isAlive(NodeState state) {
        return ProcessHandle.of(state.pid()).isPresent();
    }
}
