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
