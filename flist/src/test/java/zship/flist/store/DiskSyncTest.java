package zship.flist.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DiskSyncTest {
    @TempDir
    private Path work;

    @Test
    void threadsThatWaitTogetherAllComeBack() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            files.add(Files.createFile(work.resolve("f" + i)));
        }
        try (DiskSync sync = new DiskSync(work); ExecutorService threads = Executors.newFixedThreadPool(20)) {
            sync.watch();
            List<Callable<Integer>> waits = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                List<Path> some = files.subList(i, i + 1);
                waits.add(() -> {
                    sync.await(some);
                    return 1;
                });
            }
            int done = 0;
            for (Future<Integer> wait : threads.invokeAll(waits)) {
                done += wait.get();
            }
            assertThat(done).isEqualTo(200);
        }
    }

    @Test
    void failureIsToldToTheOneThatWaitsAndNotToTheNext() throws Exception {
        Path file = Files.createFile(work.resolve("file"));
        try (DiskSync sync = new DiskSync(work)) {
            sync.watch();
            assertThatThrownBy(() -> sync.await(List.of(file, work.resolve("gone")))).isInstanceOf(IOException.class)
                    .hasMessageContaining("gone");
            sync.await(List.of(file, work));
        }
    }

    @Test
    void folderThatIsNotThereCannotBeWatched() {
        try (DiskSync sync = new DiskSync(work.resolve("none"))) {
            assertThatThrownBy(sync::watch).isInstanceOf(IOException.class).hasMessageContaining("none");
        }
    }
}
