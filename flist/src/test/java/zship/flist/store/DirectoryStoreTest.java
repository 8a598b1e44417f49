package zship.flist.store;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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
    void putLeavesWhatAnotherProcessWritesAndRemovesWhatWasForgotten() throws Exception {
        Path folder = Files.createDirectory(work.resolve("00"));
        String former = "." + ID + "." + ProcessHandle.current().pid() + "-1.part";
        Path fresh = Files.write(folder.resolve(former), new byte[]{9});
        Path other = Files.write(Files.createDirectory(work.resolve("ff")).resolve(".x.part"), new byte[]{9});
        Path old = Files.write(folder.resolve("." + ID + ".0123456789abcdef.part"), new byte[]{9});
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(old, before);
        Files.setLastModifiedTime(other, before);
        ChunkStore store = ChunkStores.open(StoreUrl.of("dir://" + work));
        store.put(ID, new byte[]{1, 2});
        assertThat(store.get(ID)).contains(new byte[]{1, 2});
        assertThat(fresh).exists();
        assertThat(other).exists();
        assertThat(old).doesNotExist();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(former, ID.toString());
    }

    @Test
    void putWhenTheFolderCannotBeMadeSaysWhyInWords() throws Exception {
        Files.createFile(work.resolve("00"));
        ChunkStore store = ChunkStores.open(StoreUrl.of("dir://" + work));
        assertThatThrownBy(() -> store.put(ID, new byte[]{1})).isInstanceOfSatisfying(StoreException.class,
                e -> assertThat(e.why()).isEqualTo(work.resolve("00") + " exists already"));
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
