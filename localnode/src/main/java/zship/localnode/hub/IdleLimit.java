package zship.localnode.hub;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;

/**
 * Closes connections whose client neither sends nor takes anything for a while. Only waiting for the client counts: an interrupt
 * ends it, since it closes the channel that a thread waits for. What the hub itself does between may take as long as it needs.
 */
final class IdleLimit implements AutoCloseable {

    private final Duration limit;
    private final ScheduledThreadPoolExecutor timer;

    /** Something that may wait for the client. */
    @FunctionalInterface
    private interface Transfer {
        int run() throws IOException;
    }

    IdleLimit(Duration limit) {
        this.limit = limit;
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("hub-idle-limit").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** From now on the streams of the exchange end when nothing moves for too long. */
    void watch(HttpExchange exchange) {
        exchange.setStreams(new In(exchange.getRequestBody()), new Out(exchange.getResponseBody()));
    }

    private int within(Transfer transfer) throws IOException {
        Wait wait = new Wait(Thread.currentThread());
        Future<?> alarm = timer.schedule(wait::end, limit.toNanos(), TimeUnit.NANOSECONDS);
        try {
            int result = transfer.run();
            wait.complete();
            return result;
        } catch (IOException broken) {
            if (wait.complete()) {
                throw new IOException("the client was silent for " + limit.toSeconds() + " s", broken);
            }
            throw broken;
        } finally {
            alarm.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One wait of a thread, which is interrupted at most once, and never when it is over. */
    private static final class Wait {
        private final Thread thread;
        private boolean over;
        private boolean interrupted;

        Wait(Thread thread) {
            this.thread = thread;
        }

        synchronized void end() {
            if (!over) {
                interrupted = true;
                thread.interrupt();
            }
        }

        /** Ends the wait in its own thread; true when it took too long. */
        synchronized boolean complete() {
            over = true;
            return interrupted && Thread.interrupted();
        }
    }

    private final class In extends FilterInputStream {
        In(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return within(in::read);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return within(() -> in.read(buffer, offset, length));
        }

        /** Takes a little of what is left, so that the connection can be used again. */
        @Override
        public void close() throws IOException {
            within(() -> {
                in.close();
                return 0;
            });
        }
    }

    private final class Out extends FilterOutputStream {
        Out(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            within(() -> {
                out.write(value);
                return 0;
            });
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            within(() -> {
                out.write(buffer, offset, length);
                return 0;
            });
        }

        @Override
        public void flush() throws IOException {
            within(() -> {
                out.flush();
                return 0;
            });
        }

        @Override
        public void close() throws IOException {
            within(() -> {
                out.close();
                return 0;
            });
        }
    }
}
