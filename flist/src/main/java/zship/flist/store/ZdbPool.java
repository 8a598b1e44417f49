package zship.flist.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;

/** Connections to one server: as many as threads that talk to it at the same time, kept open for the next ones. */
final class ZdbPool implements AutoCloseable {
    private final StoreUrl.Server url;
    private final ClientResources resources;
    private final RedisClient client;
    private final StorePatience patience;
    private final Deque<ZdbSession> idle = new ArrayDeque<>();
    private final AtomicInteger breaks = new AtomicInteger();

    ZdbPool(StoreUrl.Server url, StorePatience patience) {
        this.url = url;
        this.patience = patience;
        this.resources = ZdbSession.resources();
        this.client = ZdbSession.client(url, resources, patience);
    }

    /** Lends a connection for the time of {@code use}. */
    void use(Consumer<ZdbSession> use) {
        use(borrow(), use);
    }

    /** Lends a connection that is made for {@code use}: where one broke, the others may break as well. */
    void useNew(Consumer<ZdbSession> use) {
        use(new ZdbSession(url, client, patience), use);
    }

    /** How often a connection broke; one that nobody uses counts as soon as it is seen to be closed. */
    int interruptions() {
        synchronized (idle) {
            return breaks.get() + (int) idle.stream().filter(ZdbSession::isBroken).count();
        }
    }

    private void use(ZdbSession session, Consumer<ZdbSession> use) {
        boolean whole = false;
        try {
            use.accept(session);
            whole = true;
        } finally {
            breaks.addAndGet(session.takeBreaks() + (whole ? 0 : 1));
            if (whole) {
                synchronized (idle) {
                    idle.push(session);
                }
            } else {
                session.dropConnection();
            }
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private ZdbSession borrow() {
        synchronized (idle) {
            return idle.isEmpty() ? new ZdbSession(url, client, patience) : idle.pop();
        }
    }
}
