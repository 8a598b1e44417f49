package zship.deployer.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import zship.deployer.InterruptedWaitException;

/**
 * Several nodes, worked on with care: the first one alone, as the canary; when that went well the others, a few at a
 * time. After a failure nothing new is begun, and what is under way goes on to its own end.
 */
public final class Fleet {

    /** How many nodes are worked on at a time when nothing else is said. */
    public static final int PARALLEL = 4;

    private final List<String> nodes;
    private final int parallel;

    /**
     * A fleet.
     *
     * @param nodes the nodes, each once; the first is the canary
     * @param parallel how many are worked on at a time after the canary, at least 1
     */
    public Fleet(List<String> nodes, int parallel) {
        this.nodes = nodes.stream().distinct().toList();
        this.parallel = Math.max(1, parallel);
    }

    /** The nodes, in the order in which they are begun. */
    public List<String> nodes() {
        return nodes;
    }

    /**
     * Does the work on each node.
     *
     * @param <R> what the work gives
     * @param work the work on one node; called from several threads
     * @param listener told how each node ended, as soon as it has; called from several threads
     * @return how it ended on each node, in their order
     * @throws InterruptedWaitException when this thread is interrupted; work under way is interrupted too
     */
    public <R> Map<String, Outcome<R>> run(Function<String, R> work, BiConsumer<String, Outcome<R>> listener) {
        Run<R> run = new Run<>(work, listener);
        run.on(nodes.getFirst());
        ExecutorService threads = Executors.newFixedThreadPool(parallel, Thread.ofVirtual().factory());
        try {
            nodes.subList(1, nodes.size()).forEach(node -> threads.submit(() -> run.on(node)));
            threads.shutdown();
            while (!threads.awaitTermination(1, TimeUnit.HOURS)) {
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException("wait for " + String.join(", ", nodes), e);
        } finally {
            threads.shutdownNow();
        }
        return run.outcomes(nodes);
    }

    /**
     * Looks at each node at the same time, whatever the others say.
     *
     * @param <R> what is seen
     * @param look the look at one node; called from several threads
     * @return what was seen on each node, in their order
     */
    public <R> Map<String, Outcome<R>> look(Function<String, R> look) {
        Map<String, Outcome<R>> seen = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (String node : nodes) {
            threads.add(Thread.ofVirtual().start(() -> {
                Run<R> single = new Run<>(look, (name, outcome) -> seen.put(name, outcome));
                single.on(node);
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException("wait for " + String.join(", ", nodes), e);
        }
        Map<String, Outcome<R>> ordered = new LinkedHashMap<>();
        nodes.forEach(node -> ordered.put(node, Objects.requireNonNull(seen.get(node))));
        return ordered;
    }

    /** One run over the nodes. */
    private static final class Run<R> {

        private final Function<String, R> work;
        private final BiConsumer<String, Outcome<R>> listener;
        private final Map<String, Outcome<R>> ended = new ConcurrentHashMap<>();
        private final AtomicReference<@Nullable String> failed = new AtomicReference<>();

        Run(Function<String, R> work, BiConsumer<String, Outcome<R>> listener) {
            this.work = work;
            this.listener = listener;
        }

        void on(String node) {
            Optional<String> before = Optional.ofNullable(failed.get());
            if (before.isPresent()) {
                end(node, new Outcome.Skipped<>(before.get()));
                return;
            }
            try {
                end(node, new Outcome.Done<>(work.apply(node)));
            } catch (RuntimeException e) {
                failed.compareAndSet(null, node);
                end(node, new Outcome.Failed<>(e));
            }
        }

        private void end(String node, Outcome<R> outcome) {
            ended.put(node, outcome);
            listener.accept(node, outcome);
        }

        Map<String, Outcome<R>> outcomes(List<String> nodes) {
            Map<String, Outcome<R>> ordered = new LinkedHashMap<>();
            nodes.forEach(node -> ordered.put(node,
                    Optional.ofNullable(ended.get(node)).orElse(new Outcome.Skipped<>("an earlier one"))));
            return ordered;
        }
    }
}
