package zship.localnode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.localnode.store.StoreServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A store whose disk is full or read-only says so and goes on. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StoreSpaceIT {
    private static final ChunkId BIG = ChunkId.of("00000000000000000000000000000001");
    private static final ChunkId SMALL = ChunkId.of("00000000000000000000000000000002");

    @TempDir
    private Path folder;

    @Test
    void fullAndReadOnlyFolderAreErrorsAndReadingGoesOn() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
        try (StoreServer server = StoreServer.start(disk.resolve("store"), 0, "test");
                ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + server.port()))) {
            store.put(SMALL, new byte[1000]);
            StoreException full = catchThrowableOfType(StoreException.class, () -> store.put(BIG, new byte[2 << 20]));
            assertThat(full.why()).contains("No space left on this namespace");
            assertThat(store.get(BIG)).isEmpty();
            run("mount", "-o", "remount,ro", disk.toString());
            StoreException readOnly = catchThrowableOfType(StoreException.class, () -> store.put(BIG, new byte[10]));
            assertThat(readOnly.why()).contains("Read-only file system");
            assertThat(store.get(SMALL)).hasValue(new byte[1000]);
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(List.of(command)).inheritIO().start().waitFor()).isZero();
    }
}
