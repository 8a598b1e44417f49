package zship.deployer.fleet;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FleetTest {

    private final List<String> begun = new CopyOnWriteArrayList<>();

    @Test
    void firstNodeIsDoneBeforeAnyOtherIsBegun() {
        AtomicInteger atTheCanary = new AtomicInteger();
        new Fleet(List.of("a", "b", "c"), 2).run(node -> {
            begun.add(node);
            if (node.equals("a")) {
                atTheCanary.set(begun.size());
            }
            return node;
        }, (node, outcome) -> begun.add("end of " + node));

        assertThat(atTheCanary).hasValue(1);
        assertThat(begun).startsWith("a", "end of a").contains("b", "c", "end of b", "end of c");
    }

    @Test
    void nothingElseIsBegunWhenTheCanaryFails() {
        Map<String, Outcome<String>> outcomes = new Fleet(List.of("a", "b", "c"), 2).run(node -> {
            begun.add(node);
            throw new IllegalStateException("no");
        }, (node, outcome) -> {
        });

        assertThat(begun).containsExactly("a");
        assertThat(outcomes.get("a")).isInstanceOf(Outcome.Failed.class);
        assertThat(outcomes.get("b")).isEqualTo(new Outcome.Skipped<String>("a"));
        assertThat(outcomes.get("c")).isEqualTo(new Outcome.Skipped<String>("a"));
    }

    @Test
    void afterAFailureWhatIsUnderWayEndsAndNothingNewIsBegun() {
        CountDownLatch failed = new CountDownLatch(1);
        CyclicBarrier both = new CyclicBarrier(2);
        Map<String, Outcome<String>> outcomes = new Fleet(List.of("a", "b", "c", "d", "e"), 2).run(node -> {
            begun.add(node);
            if (node.equals("b")) {
                meet(both);
                throw new IllegalStateException("no");
            }
            if (node.equals("c")) {
                meet(both);
                meet(failed);
            }
            return node;
        }, (node, outcome) -> {
            if (node.equals("b")) {
                failed.countDown();
            }
        });

        assertThat(outcomes.get("b")).isInstanceOf(Outcome.Failed.class);
        assertThat(outcomes.get("c")).isEqualTo(new Outcome.Done<>("c"));
        assertThat(outcomes.keySet()).containsExactly("a", "b", "c", "d", "e");
        assertThat(outcomes.get("e")).isEqualTo(new Outcome.Skipped<String>("b"));
    }

    @Test
    void noMoreNodesThanAllowedAreWorkedOnAtATime() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier pairs = new CyclicBarrier(2);
        new Fleet(List.of("a", "b", "c", "d", "e", "a"), 2).run(node -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            if (!node.equals("a")) {
                meet(pairs);
            }
            now.decrementAndGet();
            return node;
        }, (node, outcome) -> {
        });

        assertThat(most).hasValue(2);
    }

    @Test
    void lookSeesEveryNodeWhateverTheOthersSay() {
        Map<String, Outcome<String>> seen = new Fleet(List.of("a", "b"), 1).look(node -> {
            if (node.equals("a")) {
                throw new IllegalStateException("down");
            }
            return "up";
        });

        assertThat(seen.get("a")).isInstanceOf(Outcome.Failed.class);
        assertThat(seen.get("b")).isEqualTo(new Outcome.Done<>("up"));
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void meet(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
