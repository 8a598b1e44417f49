package zship.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask a service for a page at a steady rate, and note each request that fails. */
final class Listeners {

    private static final int PATIENCE_MILLIS = 30_000;

    private final String host;
    private final int port;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger count = new AtomicInteger();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private Listeners(String host, int port) {
        this.host = host;
        this.port = port;
    }

    static Listeners start(String host, int port, int perSecond) {
        Listeners listeners = new Listeners(host, port);
        listeners.clock.scheduleAtFixedRate(() -> listeners.requests.execute(listeners::request), 0,
                1_000_000 / perSecond, TimeUnit.MICROSECONDS);
        return listeners;
    }

    void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(1, TimeUnit.MINUTES);
        requests.shutdown();
        requests.awaitTermination(1, TimeUnit.MINUTES);
    }

    int count() {
        return count.get();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    private void request() {
        count.incrementAndGet();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.0 200")) {
                failures.add("answer '" + answer + "'");
            }
        } catch (IOException e) {
            failures.add(String.valueOf(e.getMessage()));
        }
    }
}
