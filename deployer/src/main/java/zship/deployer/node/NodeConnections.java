package zship.deployer.node;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import org.jspecify.annotations.Nullable;

import zship.deployer.Deadline;
import zship.deployer.InterruptedWaitException;
import zship.flist.store.LeanRedisClient;

/**
 * The connections to one node: at most four, each with one call at a time, since the node's proxy has 20 slots for all
 * its clients and a blocked call occupies one. A connection that fails is closed and the call is made again on a new one
 * with growing pauses, so every call made here must be harmless when made twice.
 */
final class NodeConnections implements AutoCloseable {

    /** How many connections there are at most. */
    static final int LIMIT = 4;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final NodeSettings settings;
    private final ClientResources resources;
    private final RedisClient client;
    private final Semaphore slots = new Semaphore(LIMIT, true);
    private final ConcurrentLinkedDeque<StatefulRedisConnection<String, String>> idle = new ConcurrentLinkedDeque<>();
    private final AtomicBoolean connectedOnce = new AtomicBoolean();

    NodeConnections(NodeSettings settings) {
        this.settings = settings;
        this.resources = LeanRedisClient.resources();
        this.client = new LeanRedisClient(resources, uri(settings));
        client.setOptions(options(settings));
    }

    private static ClientOptions options(NodeSettings settings) {
        ClientOptions.Builder options = ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2)
                .autoReconnect(false).maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder().connectTimeout(settings.limits().connect()).build());
        if (settings.address().tls()) {
            CertificatePins pins = new CertificatePins(settings.address(), settings.trust());
            options.sslOptions(SslOptions.builder().jdkSslProvider().protocols("TLSv1.2", "TLSv1.3")
                    .handshakeTimeout(settings.limits().connect()).trustManager(pins.factory()).build());
        }
        return options.build();
    }

    private static RedisURI uri(NodeSettings settings) {
        NodeAddress address = settings.address();
        RedisURI uri = RedisURI.builder().withHost(address.host()).withPort(address.port()).withSsl(address.tls())
                .withTimeout(settings.limits().connect()).build();
        if (address.tls()) {
            // The only name in a node's certificate is zero-os.gig.tech.
            uri.setVerifyPeer(SslVerifyMode.CA);
        }
        uri.setLibraryName("");
        uri.setLibraryVersion("");
        settings.token().ifPresent(token -> uri
                .setCredentialsProvider(new TokenCredentials(token)));
        return uri;
    }

    /**
     * Makes one call, again on a new connection when the connection fails, until the patience of the settings ends.
     *
     * @param what what is done, for messages
     * @param blocking how long the call blocks at most
     * @param operation the call
     * @return the answer, null for a nil reply
     */
    <T> @Nullable T call(String what, Duration blocking,
            Function<RedisAsyncCommands<String, String>, RedisFuture<T>> operation) {
        Deadline patience = Deadline.after(settings.time(), settings.limits().patience());
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return attempt(what, blocking, operation);
            } catch (LostConnection e) {
                if (!connectedOnce.get() || patience.passed()) {
                    throw e.asNodeException(settings.address());
                }
            }
            settings.time().sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private <T> @Nullable T attempt(String what, Duration blocking,
            Function<RedisAsyncCommands<String, String>, RedisFuture<T>> operation) throws LostConnection {
        Duration limit = blocking.plus(settings.limits().answer());
        acquire(what);
        try {
            StatefulRedisConnection<String, String> connection = open(what);
            boolean usable = false;
            try {
                T answer = operation.apply(connection.async()).get(limit.toMillis(), TimeUnit.MILLISECONDS);
                usable = true;
                return answer;
            } catch (ExecutionException e) {
                usable = e.getCause() instanceof RedisCommandExecutionException;
                throw failure(what, e.getCause() == null ? e : e.getCause());
            } catch (TimeoutException e) {
                throw new LostConnection(what, "no answer within " + limit.toSeconds()
                        + " s; all 20 places of the node's proxy may be taken by other clients", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedWaitException(what, e);
            } catch (RedisException e) {
                throw failure(what, e);
            } finally {
                release(connection, usable);
            }
        } finally {
            slots.release();
        }
    }

    private void acquire(String what) {
        try {
            slots.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedWaitException(what, e);
        }
    }

    private StatefulRedisConnection<String, String> open(String what) throws LostConnection {
        StatefulRedisConnection<String, String> free = idle.pollFirst();
        while (free != null) {
            if (free.isOpen()) {
                return free;
            }
            free.closeAsync();
            free = idle.pollFirst();
        }
        try {
            StatefulRedisConnection<String, String> fresh = connect();
            connectedOnce.set(true);
            return fresh;
        } catch (RedisException e) {
            throw failure(what, e);
        }
    }

    /** Lettuce now and then tells of a refused token only that the connection ended, so the node is asked again. */
    private StatefulRedisConnection<String, String> connect() {
        try {
            return client.connect();
        } catch (RedisException e) {
            if (deepest(e).contains("closed prematurely")) {
                return client.connect();
            }
            throw e;
        }
    }

    private static String deepest(Throwable error) {
        Throwable deepest = error;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? "" : deepest.getMessage();
    }

    private void release(StatefulRedisConnection<String, String> connection, boolean usable) {
        if (usable && connection.isOpen()) {
            idle.addFirst(connection);
        } else {
            connection.closeAsync();
        }
    }

    /** A lost connection is returned, to be thrown; an answer that says no is thrown at once. */
    private LostConnection failure(String what, Throwable error) {
        Optional<RedisCommandExecutionException> reply = cause(error, RedisCommandExecutionException.class);
        if (reply.isPresent()) {
            return ErrorReply.of(settings, what, reply.get());
        }
        Optional<CertificatePins.RefusedCertificate> refused = cause(error, CertificatePins.RefusedCertificate.class);
        if (refused.isPresent()) {
            throw NodeException.refused(what + " on node " + settings.address(),
                    String.valueOf(refused.get().getMessage()), refused.get().hint());
        }
        if (cause(error, UnknownHostException.class).isPresent()) {
            return new LostConnection(what, "unknown host " + settings.address().host(), error);
        }
        if (cause(error, ConnectException.class).isPresent()) {
            return new LostConnection(what, "connection refused", error);
        }
        String message = deepest(error);
        return new LostConnection(what, message.isEmpty() ? "connection lost" : message, error);
    }

    private static <E extends Throwable> Optional<E> cause(Throwable error, Class<E> type) {
        Throwable current = error;
        while (current != null) {
            if (type.isInstance(current)) {
                return Optional.of(type.cast(current));
            }
            current = current.getCause();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
