package zship.flist.pack;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import zship.flist.FlistException;

/** The first failure of several threads; later ones are consequences and are dropped. */
final class Failure {
    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();

    /** Notes a failure; an error of the machine, such as a lack of memory, too: what it cut off is not done. */
    void record(Throwable failure) {
        first.compareAndSet(null, failure instanceof RuntimeException usual ? usual : unusual(failure));
    }

    private static FlistException unusual(Throwable failure) {
        String reason = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        return new FlistException(FlistException.Kind.FAILED, "encode and send chunks",
                failure instanceof OutOfMemoryError ? "there is not enough memory" + reason : "it broke off" + reason,
                "make memory free and run the same command again", failure);
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
