package zship.flist.store;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DirectoryStoreTest {
    private static final ChunkId ID = ChunkId.of("00112233445566778899aabbccddeeff");

    @TempDir
    private Path work;

    @Test
    void putMakesTheChunkAvailableUnderItsName() throws Exception {
        ChunkStore store = ChunkStores.open(StoreUrl.of("dir://" + work.resolve("new/store")));
        assertThat(store.get(ID)).isEmpty();
        assertThat(store.missing(List.of(ID))).containsExactly(ID);
        store.put(ID, new byte[]{1, 2});
        store.put(ID, new byte[]{3});
        assertThat(store.get(ID)).contains(new byte[]{3});
        assertThat(store.missing(List.of(ID))).isEmpty();
        assertThat(Files.readAllBytes(work.resolve("new/store/00").resolve(ID.toString()))).containsExactly(3);
        try (var files = Files.list(work.resolve("new/store/00"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void openWhenPathIsAFileSaysSo() throws Exception {
        Path file = Files.createFile(work.resolve("file"));
        assertThatThrownBy(() -> ChunkStores.open(StoreUrl.of("dir://" + file))).isInstanceOfSatisfying(
                StoreException.class,
                e -> assertThat(e.what()).contains(file.toString()));
    }

    @Test
    void getWhenFileIsTooLargeForAChunkRefuses() throws Exception {
        ChunkStore store = ChunkStores.open(StoreUrl.of("dir://" + work));
        Files.createDirectory(work.resolve("00"));
        try (var channel = new RandomAccessFile(work.resolve("00").resolve(ID.toString()).toFile(), "rw")) {
            channel.setLength(1L << 33);
        }
        assertThatThrownBy(() -> store.get(ID)).isInstanceOf(StoreException.class);
    }
}
