package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.store.StoredChunks.Stored;

import static org.assertj.core.api.Assertions.assertThat;

/** The chunks of a store as whoever collects them sees them. */
class StoredChunksTest {
    private static final Duration LONG_AGO = Duration.ofDays(3);
    private static final int WRITTEN = 500;

    @TempDir
    private Path directory;

    @Test
    void chunkThatSomebodyAskedForIsNotRemoved() throws IOException {
        try (StoreServer server = StoreServer.start(directory, 0, "1");
                ChunkStore store = ChunkStores.open(StoreUrl.of("zdb://127.0.0.1:" + server.port()))) {
            ChunkId wanted = put(store, "wanted");
            ChunkId again = put(store, "sent again");
            ChunkId forgotten = put(store, "forgotten");
            age();
            assertThat(store.missing(List.of(wanted))).isEmpty();
            put(store, "sent again");
            Instant since = Instant.now().minus(Duration.ofHours(1));
            List<Stored> all = new ArrayList<>();
            server.chunks().forEach(all::add);
            assertThat(all).extracting(Stored::id).containsExactlyInAnyOrder(wanted, again, forgotten);
            assertThat(all).filteredOn(it -> it.wanted().isBefore(since)).extracting(Stored::id)
                    .containsExactly(forgotten);
            assertThat(all).filteredOn(it -> it.id().equals(forgotten)).extracting(Stored::bytes).containsExactly(9L);
            for (ChunkId id : List.of(wanted, again, forgotten)) {
                assertThat(server.chunks().removeUnwanted(id, since)).isEqualTo(id.equals(forgotten));
            }
            assertThat(server.chunks().removeUnwanted(forgotten, since)).isFalse();
            assertThat(store.missing(List.of(wanted, again, forgotten))).isEqualTo(Set.of(forgotten));
        }
    }

    /** A file that is being written has another name, which is gone a moment later. */
    @ParameterizedTest
    @ValueSource(strings = {"server", "folder"})
    void chunksAreCountedWhileOthersAreWritten(String kind) throws Exception {
        try (StoreServer server = StoreServer.start(directory.resolve("server"), 0, "1");
                ChunkStore store = ChunkStores.open(StoreUrl.of(kind.equals("server")
                        ? "zdb://127.0.0.1:" + server.port()
                        : "dir://" + directory.resolve("folder")))) {
            StoredChunks chunks = kind.equals("server")
                    ? server.chunks()
                    : ChunkFiles.ofDirectoryStore(directory.resolve("folder"));
            ChunkId first = put(store, "first");
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < WRITTEN; i++) {
                    put(store, "chunk " + i);
                }
            });
            while (!writer.isDone()) {
                List<ChunkId> seen = new ArrayList<>();
                chunks.forEach(chunk -> seen.add(chunk.id()));
                assertThat(seen).contains(first);
            }
            writer.get();
            List<ChunkId> all = new ArrayList<>();
            chunks.forEach(chunk -> all.add(chunk.id()));
            assertThat(all).hasSize(WRITTEN + 1);
        }
    }

    private static ChunkId put(ChunkStore store, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        store.put(ChunkCodec.idOf(bytes), bytes);
        return ChunkCodec.idOf(bytes);
    }

    /** Makes all files old. */
    private void age() throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(LONG_AGO));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(old, old, null);
            }
        }
    }
}
