package zship.flist.pack;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/** The first failure of several threads; later ones are consequences and are dropped. */
final class Failure {
    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();

    void record(RuntimeException failure) {
        first.compareAndSet(null, failure);
    }

    boolean happened() {
        return first.get() != null;
    }

    void rethrow() {
        RuntimeException failure = first.get();
        if (failure != null) {
            throw failure;
        }
    }
}
