package zship.deployer.fake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The lists of a node's Redis. */
public final class FakeKeys {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Deque<String>> lists = new HashMap<>();
    private final Map<String, Long> ttls = new HashMap<>();

    public void push(String key, String value) {
        lock.lock();
        try {
            lists.computeIfAbsent(key, k -> new ArrayDeque<>()).addLast(value);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean pushOnce(String key, String value) {
        lock.lock();
        try {
            if (lists.containsKey(key)) {
                return false;
            }
            push(key, value);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void expire(String key, long seconds) {
        lock.lock();
        try {
            ttls.put(key, seconds);
        } finally {
            lock.unlock();
        }
    }

    long ttl(String key) {
        lock.lock();
        try {
            return lists.containsKey(key) ? ttls.getOrDefault(key, -1L) : -2;
        } finally {
            lock.unlock();
        }
    }

    public List<String> all(String key) {
        lock.lock();
        try {
            return new ArrayList<>(lists.getOrDefault(key, new ArrayDeque<>()));
        } finally {
            lock.unlock();
        }
    }

    Optional<String> rotate(String key, double seconds) throws InterruptedException {
        return await(key, seconds, false);
    }

    Optional<String> pop(String key, double seconds) throws InterruptedException {
        return await(key, seconds, true);
    }

    /** Forgets everything, as a restart of Redis does. */
    public void clear() {
        lock.lock();
        try {
            lists.clear();
            ttls.clear();
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> await(String key, double seconds, boolean take) throws InterruptedException {
        long left = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        lock.lock();
        try {
            while (!lists.containsKey(key)) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            Deque<String> list = lists.get(key);
            String value = take ? list.removeFirst() : list.removeLast();
            if (!take) {
                list.addFirst(value);
            }
            if (list.isEmpty()) {
                lists.remove(key);
            }
            return Optional.of(value);
        } finally {
            lock.unlock();
        }
    }
}
