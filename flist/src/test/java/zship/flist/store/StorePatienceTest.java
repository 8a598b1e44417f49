package zship.flist.store;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import zship.flist.chunk.ChunkId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StorePatienceTest {
    private static final StorePatience SHORT = StorePatience.of(Duration.ofMillis(300));

    @Test
    void serverThatNeverAnswersIsGivenUpAfterTheTimeGiven() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String place = "127.0.0.1:" + silent.getLocalPort();
            StoreUrl url = StoreUrl.of("zdb://" + place);
            assertThatThrownBy(() -> ask(ChunkStores.open(url, ReplicaFault.Listener.none(), SHORT)))
                    .isInstanceOf(StoreException.class).hasMessageContaining("within 300 ms");
            StoreUrl secured = StoreUrl.of("zdb://:pw@" + place);
            assertThatThrownBy(() -> ChunkStores.open(secured, ReplicaFault.Listener.none(), SHORT))
                    .isInstanceOf(StoreException.class).hasMessageContaining("within 300 ms");
            Router router = Router.of("pools: { a: { '00:ff': '%s' } }%nlookup: [ a ]".formatted(url), "r");
            assertThatThrownBy(() -> ask(RoutedStore.of(router, url, ReplicaFault.Listener.none(), SHORT)))
                    .isInstanceOf(StoreException.class).hasMessageContaining("within 300 ms");
        }
    }

    @Test
    void serverThatIsStartedAgainIsWaitedFor() throws Exception {
        try (FrailServer server = new FrailServer(-1); ChunkStore store = ZdbStore.connect(server.url())) {
            server.refuse(4);
            server.restart();
            assertThat(store.missing(List.of(new ChunkId(0, 0)))).hasSize(1);
            assertThat(store.interruptions()).isPositive();
        }
    }

    @Test
    void serverThatStaysAwayIsNotWaitedForLongerThanTheTimeGiven() throws Exception {
        StorePatience second = StorePatience.of(Duration.ofSeconds(1));
        try (FrailServer server = new FrailServer(-1); ChunkStore warm = ZdbStore.connect(server.url())) {
            assertThat(warm.missing(List.of(new ChunkId(0, 0)))).hasSize(1);
            try (ChunkStore store = ZdbStore.connect(server.url(), second)) {
                int before = server.connections();
                server.refuse(Integer.MAX_VALUE);
                server.restart();
                assertThatThrownBy(() -> store.missing(List.of(new ChunkId(0, 0)))).isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNREACHABLE));
                assertThat(server.connections() - before).isBetween(1, 5);
            }
        }
    }

    @Test
    void textSaysSecondsWhereItCan() {
        assertThat(StorePatience.text(Duration.ofSeconds(60))).isEqualTo("60 seconds");
        assertThat(StorePatience.text(Duration.ofSeconds(1))).isEqualTo("1 second");
        assertThat(StorePatience.text(Duration.ofMillis(1500))).isEqualTo("1500 ms");
    }

    private static void ask(ChunkStore opened) {
        try (opened) {
            opened.missing(List.of(new ChunkId(0, 0)));
        }
    }
}
