package zship.localnode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.mount.RootMode;
import zship.localnode.process.ProcessMark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class LocalNodeTest {
    @TempDir
    private Path directory;

    @Test
    void missingProgramsAreNamedWithTheCommandThatInstallsThem() {
        LocalNodeConfig config = new LocalNodeConfig(directory, 0, 0, 0, Map.of("PATH", "/nonexistent"),
                NodeAccess.OPEN, RootMode.LAZY, Optional.empty(), Clock.systemUTC());
        LocalNodeException refused = catchThrowableOfType(LocalNodeException.class, () -> LocalNode.start(config));
        assertThat(refused.kind()).isEqualTo(LocalNodeException.Kind.PREREQUISITE);
        assertThat(refused.why()).contains("runc", "slirp4netns", "catatonit");
        assertThat(refused.hint()).startsWith("run: apt-get install -y runc slirp4netns catatonit");
        assertThat(NodeState.read(directory)).isEmpty();
    }

    @Test
    void secondNodeOnOneFolderIsToldWhoHasIt() throws IOException {
        StateDirectory state = StateDirectory.of(directory);
        try (FileChannel lock = state.lock().orElseThrow()) {
            assertThat(lock.isOpen()).isTrue();
            state.writeState(stateOf(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> LocalNode.start(LocalNodeConfig.of(directory)))
                    .isInstanceOf(LocalNodeException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void stateFolderThatCannotBeMadeIsNamedWithTheReason() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        LocalNodeException refused = catchThrowableOfType(LocalNodeException.class,
                () -> LocalNode.start(LocalNodeConfig.of(file)));
        assertThat(refused.kind()).isEqualTo(LocalNodeException.Kind.FAILED);
        assertThat(refused.what()).contains(file.toString());
        assertThat(refused.why()).contains("Not a directory");
    }

    @Test
    void stateIsReadOnlyWhileExactlyThatProcessLives() throws IOException {
        assertThat(NodeState.read(directory)).isEmpty();
        StateDirectory state = StateDirectory.of(directory);
        Files.createDirectories(state.root());
        NodeState mine = stateOf(ProcessHandle.current().pid());
        state.writeState(mine);
        assertThat(NodeState.read(directory)).hasValue(mine);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.root().resolve("node.json"))))
                .isEqualTo("rw-------");
        state.writeState(
                new NodeState(mine.pid(), 0, "other-boot:1", "a", Optional.empty(), "b", "c", Optional.empty(), "v"));
        assertThat(NodeState.read(directory)).isEmpty();
        Files.writeString(state.root().resolve("node.json"), "{damaged");
        assertThat(NodeState.read(directory)).isEmpty();
    }

    private static NodeState stateOf(long pid) {
        return new NodeState(pid, 1, ProcessMark.of(pid).orElseThrow().start(), "127.0.0.1:1",
                Optional.of("127.0.0.1:4"), "zdb://127.0.0.1:2",
                "http://127.0.0.1:3", Optional.empty(), "v");
    }
}
