package zship.localnode.job;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

import org.junit.jupiter.api.Test;

import zship.localnode.resp.Keyspace;

import static org.assertj.core.api.Assertions.assertThat;

class ResultsTest {
    private final Keyspace keyspace = new Keyspace(Clock.systemUTC(), 64 << 20);

    /** Sessions hand on the bytes of a name one by one. */
    @Test
    void namesAreThoseThatClientsSend() {
        Results results = new Results(keyspace);
        results.accept("café");
        String sent = new String("result:café:flag".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(keyspace.length(sent)).isOne();
        assertThat(results.isFlagged("café")).isTrue();
    }

    /** As the recorded case {@code stream_limit} shows. */
    @Test
    void streamKeepsTheLastThousandMessagesForAMinute() {
        Results results = new Results(keyspace);
        for (int i = 1; i <= 1100; i++) {
            results.stream(7, "job", new Message(i, 1, 1, "line " + i));
        }
        List<String> kept = keyspace.range("stream:job", 0, -1).stream()
                .map(item -> new String(item, StandardCharsets.UTF_8)).toList();
        assertThat(kept).hasSize(1000);
        assertThat(kept.getFirst()).contains("\"core\":7", "\"command\":\"job\"", "\"line 101\"", "\"meta\":65537");
        assertThat(kept.getLast()).contains("\"line 1100\"");
        assertThat(keyspace.timeToLive("stream:job").getAsLong()).isBetween(50_000L, 60_000L);
    }
}
