package zship.localnode.resp;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Lists by name, in memory, with expiry, as Redis keeps them: a list without elements does not exist, and of several
 * clients that wait for one list the one that has waited longest gets the element. What clients push is refused when the lists
 * are full; what the node itself posts gets in, and when even its reserve is used up, what expires first goes.
 */
public final class Keyspace {

    /** An end of a list. */
    public enum End {
        /** The front. */
        LEFT,
        /** The back. */
        RIGHT
    }

    /** An element and the list it came from. */
    public record Popped(String key, byte[] value) {
    }

    /** Thrown when the lists hold as many bytes as allowed. */
    public static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FullException(long limit) {
            super("lists hold " + limit + " bytes, which is the limit");
        }
    }

    private static final System.Logger LOG = System.getLogger(Keyspace.class.getName());
    private static final long OVERHEAD = 64;
    private static final long SWEEP_MILLIS = 1000;

    private static final class Values {
        private final Deque<byte[]> items = new ArrayDeque<>();
        private long expiresAt = Long.MAX_VALUE;
    }

    private static final class Waiter {
        private final List<String> keys;
        private final End end;
        private final @Nullable String target;
        private final Condition served;
        private @Nullable Popped result;

        Waiter(List<String> keys, End end, @Nullable String target, Condition served) {
            this.keys = keys;
            this.end = end;
            this.target = target;
            this.served = served;
        }
    }

    private final Clock clock;
    private final long byteLimit;
    private final long reserve;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Values> lists = new HashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong sweptAt;

    /** No lists yet; {@code byteLimit} bounds the bytes of all names and elements together, a quarter more with the node's own. */
    public Keyspace(Clock clock, long byteLimit) {
        this.clock = clock;
        this.byteLimit = byteLimit;
        this.reserve = byteLimit / 4;
        this.sweptAt = new AtomicLong(clock.millis());
    }

    /** The name of a list as clients name it: on the wire it is bytes, and each is a character here. */
    public static String name(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /**
     * Adds elements one after the other.
     *
     * @return               length of the list before waiting clients took from it
     * @throws FullException when the byte limit is reached; then nothing was added
     */
    public long push(String key, End end, Collection<byte[]> values) {
        lock.lock();
        try {
            sweep();
            if (bytes.get() + growth(key, values) > byteLimit) {
                throw new FullException(byteLimit);
            }
            Values list = list(key);
            for (byte[] value : values) {
                insert(list, end, value);
            }
            long length = list.items.size();
            serveWaiters(key);
            return length;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds an element at the back that gets in however full the lists are: a flag or a result, without which a client would wait
     * for ever.
     *
     * @param millis when the list vanishes; 0 leaves that as it is
     */
    public void post(String key, byte[] value, long millis) {
        lock.lock();
        try {
            makeRoom(key, growth(key, List.of(value)));
            append(key, value, millis);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds an element at the back if there is room, and drops all but the last ones.
     *
     * @param  count  how many stay
     * @param  millis when the list vanishes; 0 leaves that as it is
     * @return        false when there is no room; then nothing was added
     */
    public boolean offer(String key, byte[] value, int count, long millis) {
        lock.lock();
        try {
            sweep();
            if (bytes.get() + growth(key, List.of(value)) > byteLimit) {
                return false;
            }
            append(key, value, millis);
            keepLast(key, count);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void append(String key, byte[] value, long millis) {
        Values list = list(key);
        insert(list, End.RIGHT, value);
        if (millis > 0) {
            list.expiresAt = clock.millis() + millis;
        }
        serveWaiters(key);
    }

    /** Frees half the reserve at a time, so that not every element costs a look at all lists. */
    private void makeRoom(String key, long added) {
        sweep();
        if (bytes.get() + added <= byteLimit + reserve) {
            return;
        }
        List<String> expiring = lists.entrySet().stream()
                .filter(list -> list.getValue().expiresAt < Long.MAX_VALUE && !list.getKey().equals(key))
                .sorted(Comparator.comparingLong(list -> list.getValue().expiresAt)).map(Map.Entry::getKey).toList();
        int removed = 0;
        while (removed < expiring.size() && bytes.get() + added > byteLimit + reserve / 2) {
            remove(expiring.get(removed));
            removed++;
        }
        LOG.log(System.Logger.Level.WARNING, "the lists are full, {0} that would have expired are removed",
                Integer.toString(removed));
    }

    /** Takes one element; empty when there is none. */
    public Optional<byte[]> pop(String key, End end) {
        lock.lock();
        try {
            return Optional.ofNullable(take(key, end));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the last element of one list and puts it at the front of another; the same list is turned by one.
     *
     * @throws FullException when there is no room for the name of the other list; then nothing was moved
     */
    public Optional<byte[]> rotate(String source, String target) {
        lock.lock();
        try {
            checkRoomFor(target);
            return Optional.ofNullable(move(source, target));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes one element from the first list that has one, and waits for it when none has.
     *
     * @param  millis               how long at most; 0 for ever
     * @throws InterruptedException when the waiting thread is interrupted; then nothing was taken
     */
    public Optional<Popped> awaitPop(List<String> keys, End end, long millis) throws InterruptedException {
        return await(keys, end, null, millis);
    }

    /** {@link #rotate} that waits; see {@link #awaitPop}. */
    public Optional<byte[]> awaitRotate(String source, String target, long millis) throws InterruptedException {
        return await(List.of(source), End.RIGHT, target, millis).map(Popped::value);
    }

    private Optional<Popped> await(List<String> keys, End end, @Nullable String target, long millis)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (target != null) {
                checkRoomFor(target);
            }
            for (String key : keys) {
                byte[] value = target == null ? take(key, end) : move(key, target);
                if (value != null) {
                    return Optional.of(new Popped(key, value));
                }
            }
            Waiter waiter = new Waiter(keys, end, target, lock.newCondition());
            waiters.add(waiter);
            try {
                return park(waiter, millis);
            } finally {
                waiters.remove(waiter);
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Popped> park(Waiter waiter, long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (waiter.result == null && (millis == 0 || left > 0)) {
                if (millis == 0) {
                    waiter.served.await();
                } else {
                    left = waiter.served.awaitNanos(left);
                }
            }
        } catch (InterruptedException gone) {
            giveBack(waiter);
            throw gone;
        }
        return Optional.ofNullable(waiter.result);
    }

    /** An element given to a client that went away in the same instant returns to its list. */
    private void giveBack(Waiter waiter) {
        Popped result = waiter.result;
        if (result != null && waiter.target == null) {
            insert(list(result.key()), waiter.end, result.value());
            serveWaiters(result.key());
        }
    }

    /** Number of elements; 0 for a list that does not exist. */
    public long length(String key) {
        lock.lock();
        try {
            Values list = live(key);
            return list == null ? 0 : list.items.size();
        } finally {
            lock.unlock();
        }
    }

    /** Elements {@code from} to {@code to} inclusive; negative numbers count from the end. */
    public List<byte[]> range(String key, long from, long to) {
        lock.lock();
        try {
            Values list = live(key);
            if (list == null) {
                return List.of();
            }
            int size = list.items.size();
            long first = Math.max(0, from < 0 ? size + from : from);
            long last = Math.min(size - 1L, to < 0 ? size + to : to);
            return list.items.stream().skip(first).limit(Math.max(0, last - first + 1)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Drops all elements but the last {@code count}. */
    public void keepLast(String key, int count) {
        lock.lock();
        try {
            while (length(key) > count) {
                take(key, End.LEFT);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a list; false when there was none. */
    public boolean delete(String key) {
        lock.lock();
        try {
            boolean found = live(key) != null;
            remove(key);
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a list vanish after that many milliseconds (at once when not positive); false when there is none. */
    public boolean expire(String key, long millis) {
        lock.lock();
        try {
            Values list = live(key);
            if (list == null) {
                return false;
            }
            if (millis <= 0) {
                remove(key);
            } else {
                list.expiresAt = clock.millis() + millis;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Milliseconds a list has left: empty when there is no such list, -1 when it does not expire. */
    public OptionalLong timeToLive(String key) {
        lock.lock();
        try {
            Values list = live(key);
            if (list == null) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(list.expiresAt == Long.MAX_VALUE ? -1 : list.expiresAt - clock.millis());
        } finally {
            lock.unlock();
        }
    }

    /** Number of clients that wait for an element. */
    int waiting() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of all elements, with a fixed amount for each. */
    public long bytes() {
        lock.lock();
        try {
            sweep();
            return bytes.get();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Values live(String key) {
        Values list = lists.get(key);
        if (list != null && list.expiresAt <= clock.millis()) {
            remove(key);
            return null;
        }
        return list;
    }

    private void remove(String key) {
        Values list = lists.remove(key);
        if (list != null) {
            bytes.addAndGet(-cost(key, list.items));
        }
    }

    /** That of this name, made when missing. */
    private Values list(String key) {
        Values list = live(key);
        if (list == null) {
            list = new Values();
            lists.put(key, list);
            bytes.addAndGet(cost(key, List.of()));
        }
        return list;
    }

    private static long cost(String key, Collection<byte[]> values) {
        return key.length() + OVERHEAD + values.stream().mapToLong(value -> value.length + OVERHEAD).sum();
    }

    private long growth(String key, Collection<byte[]> values) {
        return cost(key, values) - (live(key) == null ? 0 : cost(key, List.of()));
    }

    private void insert(Values list, End end, byte[] value) {
        if (end == End.LEFT) {
            list.items.addFirst(value);
        } else {
            list.items.addLast(value);
        }
        bytes.addAndGet(value.length + OVERHEAD);
    }

    private byte @Nullable [] take(String key, End end) {
        Values list = live(key);
        if (list == null) {
            return null;
        }
        byte[] value = end == End.LEFT ? list.items.removeFirst() : list.items.removeLast();
        bytes.addAndGet(-(value.length + OVERHEAD));
        if (list.items.isEmpty()) {
            remove(key);
        }
        return value;
    }

    /** Elements that move take no more room, but the names of many lists do. */
    private void checkRoomFor(String key) {
        long added = growth(key, List.of());
        if (added > 0 && bytes.get() + added > byteLimit + reserve) {
            throw new FullException(byteLimit);
        }
    }

    private byte @Nullable [] move(String source, String target) {
        Values list = live(source);
        if (list == null) {
            return null;
        }
        if (source.equals(target)) {
            byte[] value = list.items.removeLast();
            list.items.addFirst(value);
            return value;
        }
        byte[] value = take(source, End.RIGHT);
        if (value != null) {
            insert(list(target), End.LEFT, value);
            serveWaiters(target);
        }
        return value;
    }

    private void serveWaiters(String key) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (live(key) == null) {
                return;
            }
            if (waiter.result == null && waiter.keys.contains(key)) {
                byte[] value = waiter.target == null ? take(key, waiter.end) : move(key, waiter.target);
                if (value != null) {
                    waiter.result = new Popped(key, value);
                    waiter.served.signal();
                }
            }
        }
    }

    /** Removes what has expired, at most once a second. */
    private void sweep() {
        long now = clock.millis();
        if (now - sweptAt.get() < SWEEP_MILLIS) {
            return;
        }
        sweptAt.set(now);
        List<String> expired = lists.entrySet().stream().filter(list -> list.getValue().expiresAt <= now)
                .map(Map.Entry::getKey).toList();
        expired.forEach(this::remove);
    }
}
