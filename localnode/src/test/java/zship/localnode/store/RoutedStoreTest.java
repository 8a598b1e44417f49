package zship.localnode.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.ReplicaFault;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Shards and replicas by a routing table, over real servers. */
class RoutedStoreTest {
    @TempDir
    private Path folder;
    private final List<ReplicaFault> faults = new CopyOnWriteArrayList<>();
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();
    private StoreServer low;
    private StoreServer high;
    private StoreServer copy;
    private ChunkStore store;

    @BeforeEach
    void start() throws IOException {
        low = StoreServer.start(folder.resolve("low"), 0, "test");
        high = StoreServer.start(folder.resolve("high"), 0, "test");
        copy = StoreServer.start(folder.resolve("copy"), 0, "test");
        store = open("halves, copy", "");
        for (int i = 0; i < 200; i++) {
            byte[] data = ("chunk " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            chunks.put(ChunkCodec.idOf(data), data);
        }
    }

    @AfterEach
    void stop() {
        store.close();
        low.close();
        high.close();
        copy.close();
    }

    private ChunkStore open(String lookup, String cache) throws IOException {
        Path table = Files.writeString(folder.resolve("router.yaml"), """
                pools:
                  halves: { "00:7f": "zdb://%s", "80:ff": "zdb://%s" }
                  copy: { "00:ff": "zdb://%s" }
                lookup: [ %s ]
                cache: [ %s ]
                """.formatted(address(low), address(high), address(copy), lookup, cache));
        return ChunkStores.open(StoreUrl.of(table.toString()), faults::add);
    }

    private static String address(StoreServer server) {
        return "127.0.0.1:" + server.port();
    }

    private static ChunkStore single(StoreServer server) {
        return ChunkStores.open(StoreUrl.of("zdb://" + address(server)));
    }

    @Test
    void everyReplicaHasEveryChunkAndEveryShardItsRange() {
        assertThat(store.missing(chunks.keySet())).hasSize(200);
        store.putAll(chunks);
        assertThat(store.missing(chunks.keySet())).isEmpty();
        try (ChunkStore first = single(low); ChunkStore second = single(high); ChunkStore third = single(copy)) {
            assertThat(third.missing(chunks.keySet())).isEmpty();
            assertThat(first.missing(chunks.keySet())).allMatch(id -> id.high() < 0).hasSizeBetween(50, 150);
            assertThat(second.missing(chunks.keySet())).allMatch(id -> id.high() >= 0).hasSizeBetween(50, 150);
        }
        assertSound(store.getAll(chunks.keySet()));
        assertThat(faults).isEmpty();
    }

    @Test
    void chunkThatOnlyOneReplicaHasIsFoundAndStillToBeSentToTheOther() {
        try (ChunkStore third = single(copy)) {
            third.putAll(chunks);
        }
        assertThat(store.missing(chunks.keySet())).isEmpty();
        assertThat(store.incomplete(chunks.keySet())).hasSize(200);
        assertSound(store.getAll(chunks.keySet()));
        store.putAll(chunks);
        assertThat(store.incomplete(chunks.keySet())).isEmpty();
    }

    @Test
    void alteredReplicaIsReportedAndTheNextOneAnswers() {
        store.putAll(chunks);
        ChunkId id = chunks.keySet().stream().filter(it -> it.high() >= 0).findFirst().orElseThrow();
        try (ChunkStore first = single(low)) {
            first.put(id, new byte[]{1, 2, 3});
        }
        assertSound(store.getAll(chunks.keySet()));
        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.chunk()).contains(id);
            assertThat(fault.replica()).hasToString("zdb://" + address(low));
            assertThat(fault.why()).startsWith("its bytes hash to ");
        });
        try (ChunkStore third = single(copy)) {
            third.put(id, new byte[]{4});
        }
        assertThat(store.get(id)).as("the reader finds out and names the file").contains(new byte[]{1, 2, 3});
    }

    @Test
    void replicaThatIsDownIsReportedOnceAndTheNextOneAnswers() {
        store.putAll(chunks);
        low.close();
        assertSound(store.getAll(chunks.keySet()));
        assertSound(store.getAll(chunks.keySet()));
        assertThat(store.missing(chunks.keySet())).isEmpty();
        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault.chunk()).isEmpty());
    }

    @Test
    void chunkIsNeverCalledMissingWhileAReplicaThatMayHaveItIsDown() {
        low.close();
        copy.close();
        ChunkId id = chunks.keySet().stream().filter(it -> it.high() >= 0).findFirst().orElseThrow();
        assertThatThrownBy(() -> store.get(id)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.missing(List.of(id))).isInstanceOf(StoreException.class)
                .hasMessageContaining(address(low));
    }

    @Test
    void writingFailsWhenOneReplicaIsDown() {
        copy.close();
        assertThatThrownBy(() -> store.putAll(chunks)).isInstanceOf(StoreException.class)
                .hasMessageContaining(address(copy));
        assertThatThrownBy(() -> store.incomplete(chunks.keySet())).isInstanceOf(StoreException.class);
    }

    @Test
    void cachePoolIsGivenWhatWasFoundElsewhere() throws IOException {
        store.putAll(chunks);
        StoreServer cache = StoreServer.start(folder.resolve("cache"), 0, "test");
        Path table = Files.writeString(folder.resolve("cached.yaml"), """
                pools:
                  near: { "00:ff": "zdb://%s" }
                  far: { "00:ff": "zdb://%s" }
                lookup: [ near, far ]
                cache: [ near ]
                """.formatted(address(cache), address(copy)));
        try (ChunkStore cached = ChunkStores.open(StoreUrl.of("router://" + table), faults::add);
                ChunkStore near = single(cache)) {
            assertSound(cached.getAll(chunks.keySet()));
            assertThat(near.missing(chunks.keySet())).isEmpty();
            copy.close();
            assertSound(cached.getAll(chunks.keySet()));
            assertThat(faults).isEmpty();
        } finally {
            cache.close();
        }
    }

    @Test
    void idThatNoRangeHoldsIsNeverCalledStored() throws IOException {
        Path table = Files.writeString(folder.resolve("gap.yaml"),
                "pools: { half: { \"00:7f\": \"zdb://%s\" } }\nlookup: [ half ]\n".formatted(address(low)));
        try (ChunkStore gap = ChunkStores.open(StoreUrl.of(table.toString()))) {
            assertThatThrownBy(() -> gap.putAll(chunks)).isInstanceOf(StoreException.class)
                    .hasMessageContaining("no pool of its lookup has a range");
            assertThat(gap.missing(chunks.keySet())).isNotEmpty();
        }
    }

    private void assertSound(Map<ChunkId, byte[]> found) {
        assertThat(found).hasSameSizeAs(chunks);
        chunks.forEach((id, data) -> assertThat(found.get(id)).isEqualTo(data));
    }
}
