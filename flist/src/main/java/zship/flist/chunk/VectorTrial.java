package zship.flist.chunk;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds out in the background whether this machine hashes and enciphers faster with vectors. Until it has, and wherever it
 * cannot, everything goes the plain way; the results are the same.
 *
 * <p>The JDK's vectors are in an incubator module. Naming that module when the JVM starts would slow down every command and
 * print a warning each time, so it is loaded here, when there is work for it. The JVM must have been started with
 * {@code --add-exports java.base/jdk.internal.module=ALL-UNNAMED} for that. Vectors are slower than anything before the
 * just-in-time compiler has seen them at work, which is what the trial is for.
 */
public final class VectorTrial implements AutoCloseable {
    private static final String MODULE = "jdk.incubator.vector";
    /** Contents for which a trial, compiling what it tries and the memory for many chunks at once pay. */
    private static final long WORTH_BYTES = 4L << 30;
    private static final int MESSAGES = 16;
    /** Long enough that the plain way hashes with libsodium, as it does with most pieces. */
    private static final int MESSAGE_BYTES = 2 * SodiumBlake2b.WORTH;
    private static final int MOST_ROUNDS = 1000;
    private static final Duration REST = Duration.ofMillis(5);
    /** How much faster vectors must be. */
    private static final double MARGIN = 0.7;

    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean won = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** Starts the trial, if so many bytes of contents are worth it and it has not been started. */
    public void begin(long bytes) {
        if (bytes >= WORTH_BYTES && begun.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("vector-trial").start(() -> {
                if (isAvailable()) {
                    compare(new PlainKernels(), new VectorKernels());
                }
            });
        }
    }

    /** Ends the trial, if it is still running. */
    @Override
    public void close() {
        stopped.set(true);
    }

    /** Whether vectors have turned out to be faster. */
    public boolean isWon() {
        return won.get();
    }

    /** Ends the trial in favour of vectors. */
    void win() {
        won.set(true);
    }

    /** Whether vectors can be used at all; loads their module. */
    static boolean isAvailable() {
        if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, MODULE);
            return true;
        } catch (ReflectiveOperationException e) {
            Throwable reason = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            System.getLogger(VectorTrial.class.getName()).log(System.Logger.Level.DEBUG, "no vectors: {0}",
                    String.valueOf(reason));
            return false;
        }
    }

    private void compare(Kernels plain, Kernels vectors) {
        Random random = new Random(1);
        List<Slice> messages = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = new byte[MESSAGE_BYTES - 4 * i];
            byte[] key = new byte[Xxtea.KEY_BYTES];
            random.nextBytes(message);
            random.nextBytes(key);
            messages.add(Slice.of(message));
            keys.add(key);
        }
        long bestPlain = Long.MAX_VALUE;
        long bestVectors = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && !won.get() && !stopped.get(); round++) {
            bestPlain = Math.min(bestPlain, nanoseconds(plain, messages, keys));
            bestVectors = Math.min(bestVectors, nanoseconds(vectors, messages, keys));
            if (bestVectors < MARGIN * bestPlain) {
                win();
            } else {
                rest();
            }
        }
    }

    /** Leaves the processor to those who work, and to the compiler. */
    private void rest() {
        try {
            Thread.sleep(REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private static long nanoseconds(Kernels kernels, List<Slice> messages, List<byte[]> keys) {
        long start = System.nanoTime();
        kernels.hash128(messages);
        List<Slice> ciphers = Slice.ofEach(kernels.encrypt(messages, keys));
        kernels.decrypt(ciphers, ciphers, keys);
        return System.nanoTime() - start;
    }
}
