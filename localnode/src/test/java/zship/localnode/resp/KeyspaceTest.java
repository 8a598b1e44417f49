package zship.localnode.resp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import zship.localnode.TestClock;
import zship.localnode.resp.Keyspace.End;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class KeyspaceTest {
    private final TestClock clock = new TestClock();
    private final Keyspace keyspace = new Keyspace(clock, 10_000);

    @Test
    void popOfTheLastElementRemovesTheList() {
        push("k", "a");
        assertThat(text(keyspace.pop("k", End.LEFT))).isEqualTo("a");
        assertThat(keyspace.length("k")).isZero();
        assertThat(keyspace.timeToLive("k")).isEmpty();
        assertThat(keyspace.bytes()).isZero();
    }

    @Test
    void expiredListIsGoneAtTheSecond() {
        push("k", "a");
        keyspace.expire("k", 300_000);
        clock.advance(Duration.ofMillis(299_999));
        assertThat(keyspace.length("k")).isOne();
        clock.advance(Duration.ofMillis(1));
        assertThat(keyspace.length("k")).isZero();
        assertThat(keyspace.pop("k", End.LEFT)).isEmpty();
    }

    @Test
    void expiredListsNobodyAsksForAreFreed() {
        push("forgotten", "a");
        keyspace.expire("forgotten", 1000);
        clock.advance(Duration.ofSeconds(2));
        assertThat(keyspace.bytes()).isZero();
    }

    @Test
    void rotationOntoItselfKeepsElementsAndTimeToLive() {
        push("k", "a", "b");
        keyspace.expire("k", 5000);
        assertThat(text(keyspace.rotate("k", "k"))).isEqualTo("b");
        assertThat(keyspace.range("k", 0, -1)).extracting(String::new).containsExactly("b", "a");
        assertThat(keyspace.timeToLive("k")).hasValue(5000);
    }

    @Test
    void rangeCountsNegativeNumbersFromTheEnd() {
        push("k", "a", "b", "c");
        assertThat(keyspace.range("k", -2, -1)).extracting(String::new).containsExactly("b", "c");
        assertThat(keyspace.range("k", 2, 1)).isEmpty();
        assertThat(keyspace.range("k", 0, 100)).hasSize(3);
    }

    @Test
    void longestWaitingClientGetsTheElement() throws Exception {
        CompletableFuture<String> first = waiting("k");
        awaitWaiters(1);
        CompletableFuture<String> second = waiting("k");
        awaitWaiters(2);
        push("k", "one");
        assertThat(first.get()).isEqualTo("one");
        assertThat(second).isNotDone();
        push("k", "two");
        assertThat(second.get()).isEqualTo("two");
    }

    @Test
    void interruptedClientTakesNothing() throws Exception {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                keyspace.awaitPop(List.of("k"), End.LEFT, 0);
            } catch (InterruptedException expected) {
                Thread.currentThread().interrupt();
            }
        });
        awaitWaiters(1);
        thread.interrupt();
        thread.join();
        push("k", "kept");
        assertThat(keyspace.length("k")).isOne();
    }

    @Test
    void waitEndsEmptyAfterItsTime() throws Exception {
        assertThat(keyspace.awaitPop(List.of("k"), End.LEFT, 10)).isEmpty();
        assertThat(keyspace.awaitRotate("k", "k", 10)).isEmpty();
        assertThat(keyspace.waiting()).isZero();
    }

    @Test
    void waitingRotationLeavesTheElement() throws Exception {
        CompletableFuture<Optional<byte[]>> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(keyspace.awaitRotate("k", "k", 20_000));
            } catch (InterruptedException stopped) {
                result.completeExceptionally(stopped);
            }
        });
        awaitWaiters(1);
        push("k", "flag");
        assertThat(text(result.get())).isEqualTo("flag");
        assertThat(keyspace.length("k")).isOne();
    }

    @Test
    void pushOverTheByteLimitAddsNothing() {
        assertThatThrownBy(() -> keyspace.push("k", End.RIGHT, List.of(new byte[20_000])))
                .isInstanceOf(Keyspace.FullException.class);
        assertThat(keyspace.length("k")).isZero();
    }

    @Test
    void whatTheNodePostsGetsIntoFullLists() throws Exception {
        fill();
        CompletableFuture<String> reader = waiting("result");
        awaitWaiters(1);
        keyspace.post("result", bytes("x".repeat(500)), 1000);
        assertThat(reader.get()).hasSize(500);
        keyspace.post("flag", new byte[0], 0);
        keyspace.post("result", bytes("y"), 1000);
        assertThat(keyspace.timeToLive("flag")).hasValue(-1);
        assertThat(keyspace.timeToLive("result")).hasValue(1000);
        assertThatThrownBy(() -> push("k", "")).isInstanceOf(Keyspace.FullException.class);
    }

    @Test
    void whatTheNodePostsIsBoundedByRemovingWhatExpiresFirst() {
        fill();
        keyspace.post("flag", new byte[0], 0);
        for (int i = 0; i < 1000; i++) {
            keyspace.post("result:" + i, bytes("x".repeat(300)), 1000 + i);
            assertThat(keyspace.length("result:" + i)).isOne();
            assertThat(keyspace.bytes()).isLessThanOrEqualTo(12_500);
        }
        assertThat(keyspace.length("flag")).isOne();
        assertThat(keyspace.length("hoard")).isPositive();
        assertThat(keyspace.length("result:998")).isOne();
        assertThat(keyspace.length("result:0")).isZero();
    }

    @Test
    void offerIsDroppedWhenTheListsAreFullAndElseKeepsTheLast() {
        for (String item : List.of("a", "b", "c")) {
            assertThat(keyspace.offer("stream", bytes(item), 2, 500)).isTrue();
        }
        assertThat(keyspace.range("stream", 0, -1)).extracting(String::new).containsExactly("b", "c");
        assertThat(keyspace.timeToLive("stream")).hasValue(500);
        fill();
        assertThat(keyspace.offer("stream", bytes("d"), 2, 500)).isFalse();
        assertThat(keyspace.range("stream", 0, -1)).extracting(String::new).containsExactly("b", "c");
    }

    @Test
    void namesTakeRoomToo() {
        assertThatThrownBy(() -> push("k".repeat(20_000), "")).isInstanceOf(Keyspace.FullException.class);
        push("k", "a", "b");
        assertThatThrownBy(() -> keyspace.rotate("k", "k".repeat(20_000))).isInstanceOf(Keyspace.FullException.class);
        assertThat(keyspace.length("k")).isEqualTo(2);
        keyspace.rotate("k", "other");
        keyspace.delete("k");
        keyspace.pop("other", End.LEFT);
        assertThat(keyspace.bytes()).isZero();
    }

    /** So that not even an empty element fits. */
    private void fill() {
        for (int size : List.of(1000, 0)) {
            try {
                while (true) {
                    push("hoard", "x".repeat(size));
                }
            } catch (Keyspace.FullException full) {
                assertThat(keyspace.length("hoard")).isPositive();
            }
        }
    }

    @Test
    void keepLastDropsFromTheFront() {
        push("k", "a", "b", "c");
        keyspace.keepLast("k", 2);
        assertThat(keyspace.range("k", 0, -1)).extracting(String::new).containsExactly("b", "c");
    }

    private CompletableFuture<String> waiting(String key) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(
                        new String(keyspace.awaitPop(List.of(key), End.LEFT, 20_000).orElseThrow().value(),
                                StandardCharsets.UTF_8));
            } catch (InterruptedException stopped) {
                result.completeExceptionally(stopped);
            }
        });
        return result;
    }

    private void awaitWaiters(int count) {
        while (keyspace.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private void push(String key, String... values) {
        keyspace.push(key, End.RIGHT,
                List.of(values).stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Optional<byte[]> value) {
        return new String(value.orElseThrow(), StandardCharsets.UTF_8);
    }
}
