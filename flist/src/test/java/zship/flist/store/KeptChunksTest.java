package zship.flist.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.transfer.ChunkCopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class KeptChunksTest {
    private static final int FILES = 300;

    @TempDir
    private Path work;

    @Test
    void packToAStoreThatLosesEverythingInTheMiddleFailsAndRunningItAgainSendsTheRest() throws Exception {
        Path flist = work.resolve("a.flist");
        try (FrailServer server = new FrailServer(FILES / 2); ChunkStore store = ZdbStore.connect(server.url())) {
            StoreException lost = catchThrowableOfType(StoreException.class, () -> pack(store, flist));
            assertThat(lost.kind()).isEqualTo(StoreException.Kind.UNREACHABLE);
            assertThat(lost.what()).contains(server.url().toString());
            assertThat(lost.why()).contains("has lost " + (FILES - server.count()) + " chunks");
            assertThat(lost.hint()).contains("run the same command again: it sends only what is missing");
            assertThat(flist).doesNotExist();
            int kept = server.count();
            PackedFlist again = pack(store, flist);
            assertThat(again.sentChunks()).isEqualTo(FILES - kept);
            assertThat(server.count()).isEqualTo(FILES);
        }
    }

    @Test
    void packWithoutAnInterruptionAsksOnceForEveryChunk() throws Exception {
        try (FrailServer server = new FrailServer(-1); ChunkStore store = ZdbStore.connect(server.url())) {
            pack(store, work.resolve("a.flist"));
            assertThat(server.looks()).isEqualTo(FILES);
            assertThat(store.interruptions()).isZero();
        }
    }

    @Test
    void routedAndDeferredStoresTellTheInterruptionsOfTheirServers() throws Exception {
        try (FrailServer server = new FrailServer(1)) {
            Router router = Router.of("pools: { a: { '00:ff': '%s' } }%nlookup: [ a ]".formatted(server.url()), "r");
            DeferredStore store = DeferredStore.of(server.url(),
                    () -> RoutedStore.of(router, server.url(), ReplicaFault.Listener.none()));
            try (store) {
                byte[] data = {1};
                ChunkId id = ChunkCodec.idOf(data);
                KeptChunks kept = new KeptChunks(store);
                assertThat(store.interruptions()).isZero();
                store.put(id, data);
                assertThat(store.missing(List.of(id))).contains(id);
                assertThat(store.interruptions()).isPositive();
                assertThatThrownBy(() -> kept.confirm(() -> Set.of(id))).isInstanceOf(StoreException.class)
                        .hasMessageContaining("lost 1 chunks");
                int before = store.interruptions();
                store.renew();
                assertThat(store.interruptions()).isGreaterThan(before);
            }
        }
    }

    @Test
    void copyToAStoreThatLosesEverythingInTheMiddleFails() throws Exception {
        MemoryStore source = new MemoryStore();
        pack(source, work.resolve("a.flist"));
        try (FrailServer server = new FrailServer(FILES / 2); ChunkStore store = ZdbStore.connect(server.url())) {
            Set<ChunkId> ids = Set.copyOf(source.chunks().keySet());
            assertThatThrownBy(() -> ChunkCopy.of(ids, source, store, (done, of) -> {
            })).isInstanceOf(StoreException.class).hasMessageContaining("the store has lost");
            assertThat(ChunkCopy.of(ids, source, store, (done, of) -> {
            }).faults()).isEmpty();
            assertThat(server.count()).isEqualTo(FILES);
        }
    }

    private PackedFlist pack(ChunkStore store, Path flist) throws IOException {
        Path tree = Files.createDirectories(work.resolve("tree"));
        Random random = new Random(7);
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[2000];
            random.nextBytes(content);
            Files.write(tree.resolve("file" + i), content);
        }
        return new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
    }
}
