package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link Workspace} and {@link CacheLock}. */
class WorkspaceTest {

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeWorkspace() {
        workspace = new Workspace(folder.resolve("recipe"));
    }

    @Test
    void replaceWhenFillingSucceedsKeepsResultAndStamp() throws IOException {
        workspace.replace("step", "one", output -> Files.writeString(output.resolve("file"), "1"));
        workspace.replace("step", "two", output -> Files.writeString(output.resolve("file"), "2"));
        assertThat(workspace.stamp("step")).contains("two");
        assertThat(workspace.folder("step").resolve("file")).hasContent("2");
        assertThat(folder.resolve("recipe")).isDirectoryNotContaining("glob:**/.new-*");
    }

    @Test
    void replaceWhenFillingFailsKeepsTheOldResult() throws IOException {
        workspace.replace("step", "one", output -> Files.writeString(output.resolve("file"), "1"));
        assertThatThrownBy(() -> workspace.replace("step", "two", output -> {
            Files.writeString(output.resolve("file"), "half");
            throw new IOException("disk full");
        })).hasMessage("disk full");
        assertThat(workspace.stamp("step")).contains("one");
        assertThat(workspace.folder("step").resolve("file")).hasContent("1");
        assertThat(folder.resolve("recipe")).isDirectoryNotContaining("glob:**/.new-*");
    }

    @Test
    void removeRemainsWhenABuildWasKilledRemovesItsHalfResult() throws IOException {
        Path half = workspace.temporary("compile");
        Files.createDirectories(half.resolve("deep/down"));
        Files.createSymbolicLink(half.resolve("link"), folder);
        workspace.writeStamp("download", "kept");
        workspace.removeRemains();
        assertThat(half).doesNotExist();
        assertThat(folder).exists();
        assertThat(workspace.stamp("download")).contains("kept");
    }

    @Test
    void stampOfWhenResultIsGoneNamesTheStep() {
        assertThatThrownBy(() -> workspace.stampOf("compile")).isInstanceOf(IOException.class)
                .hasMessageContaining("compile");
    }

    @Test
    void takeWhenAnotherBuildHoldsTheLockTellsWhoAndWaits() throws Exception {
        Path file = folder.resolve("lock");
        BlockingQueue<BuildEvent> events = new LinkedBlockingQueue<>();
        CompletableFuture<Void> second;
        try (CacheLock first = CacheLock.take(file, BuildEvents.none())) {
            assertThat(first).isNotNull();
            second = CompletableFuture.runAsync(() -> takeAndRelease(file, events::add));
            assertThat(events.poll(30, TimeUnit.SECONDS))
                    .isEqualTo(new BuildEvent.WaitingForLock(file, ProcessHandle.current().pid()));
            assertThat(second).isNotDone();
        }
        second.get(30, TimeUnit.SECONDS);
        assertThat(List.copyOf(events)).isEmpty();
    }

    private static void takeAndRelease(Path file, BuildEvents events) {
        try (CacheLock lock = CacheLock.take(file, events)) {
            assertThat(lock).isNotNull();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
