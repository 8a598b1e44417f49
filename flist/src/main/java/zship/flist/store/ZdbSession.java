package zship.flist.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisProtocolException;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

import zship.flist.Secret;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;

/**
 * One connection to a 0-db or Redis server, made anew when it breaks.
 *
 * <p>RESP2 only: a 0-db refuses {@code HELLO}. Lettuce must not reconnect by itself, because password and namespace would not
 * be given again. A 0-db answers {@code SET} with the key, or nil when it already had that value; Redis answers {@code OK}.
 */
final class ZdbSession {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final String DEFAULT_NAMESPACE = "default";
    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;
    private static final String HINT = "check that a 0-db in user-key mode, or a Redis server, listens there";
    private static final byte[] OK = {'O', 'K'};

    private final StoreUrl.Server url;
    private final RedisClient client;
    private final StorePatience patience;
    private final AtomicInteger breaks = new AtomicInteger();
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    /** A connection that {@code client} is to make to {@code url}. */
    ZdbSession(StoreUrl.Server url, RedisClient client, StorePatience patience) {
        this.url = url;
        this.client = client;
        this.patience = patience;
    }

    /** What a client of servers works with; it keeps no answer in memory that no store would give. */
    static ClientResources resources() {
        return LeanRedisClient.resources(new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel channel) {
                channel.pipeline().addFirst(new AnswerGuard(ChunkCodec.MAX_STORED));
            }
        });
    }

    /** What makes connections to {@code url}. */
    static RedisClient client(StoreUrl.Server url, ClientResources resources, StorePatience patience) {
        RedisClient client = new LeanRedisClient(resources, uri(url, patience));
        client.setOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).autoReconnect(false)
                .pingBeforeActivateConnection(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(patience.connect()).build()).build());
        return client;
    }

    private static RedisURI uri(StoreUrl.Server url, StorePatience patience) {
        RedisURI uri = RedisURI.builder().withHost(url.host()).withPort(url.port()).withTimeout(patience.answer())
                .build();
        // Otherwise Lettuce introduces itself with CLIENT SETINFO: a 0-db does not know it, and a round trip is lost.
        uri.setLibraryName("");
        uri.setLibraryVersion("");
        return uri;
    }

    void connect() {
        connection();
    }

    /** Reads {@code ids}; answers go to {@code values} one by one, so that those before a failure are not lost. */
    void get(List<ChunkId> ids, List<Optional<byte[]>> values) {
        pipeline("read", ids, id -> id,
                id -> command(CommandType.GET, new ValueOutput<>(CODEC), id.bytes()),
                (id, value) -> values.add(Optional.ofNullable(value)));
    }

    /** Looks for {@code ids}, with answers as {@link #get} gives them. */
    void exists(List<ChunkId> ids, List<Boolean> there) {
        pipeline("look for", ids, id -> id,
                id -> command(CommandType.EXISTS, new IntegerOutput<>(CODEC), id.bytes()),
                (id, answer) -> {
                    if (answer == null || answer < 0 || answer > 1) {
                        throw incomprehensible("look for chunk " + id + " (" + url + ")",
                                new IllegalStateException("EXISTS was answered " + answer));
                    }
                    there.add(answer == 1);
                });
    }

    /**
     * Writes {@code chunks}, with answers as {@link #get} gives them. A chunk is there when the answer is its key (a 0-db), nil (a
     * 0-db that had it already) or OK (Redis).
     */
    void set(List<Map.Entry<ChunkId, byte[]>> chunks, List<Boolean> written) {
        pipeline("write", chunks, Map.Entry::getKey,
                chunk -> command(CommandType.SET, new ValueOutput<>(CODEC), chunk.getKey().bytes(), chunk.getValue()),
                (chunk, answer) -> {
                    boolean there = answer == null || Arrays.equals(answer, OK)
                            || Arrays.equals(answer, chunk.getKey().bytes());
                    if (!there) {
                        throw incomprehensible("write chunk " + chunk.getKey() + " (" + url + ")",
                                new IllegalStateException("SET was answered with another key"));
                    }
                    written.add(true);
                });
    }

    private synchronized StatefulRedisConnection<byte[], byte[]> connection() {
        StatefulRedisConnection<byte[], byte[]> current = connection;
        if (current != null && current.isOpen()) {
            return current;
        }
        breaks.addAndGet(current == null ? 0 : 1);
        StatefulRedisConnection<byte[], byte[]> fresh = connected();
        try {
            introduce(fresh);
        } catch (RuntimeException | Error e) {
            close(fresh);
            throw e;
        }
        connection = fresh;
        return fresh;
    }

    /** The client's own waiting has no end when something answers that speaks another protocol. */
    private StatefulRedisConnection<byte[], byte[]> connected() {
        String what = "connect to the store " + url;
        CompletableFuture<StatefulRedisConnection<byte[], byte[]>> coming = client
                .connectAsync(CODEC, uri(url, patience))
                .toCompletableFuture();
        try {
            return coming.get(patience.connect().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw root(e) instanceof ImpossibleAnswerException fault
                    ? impossible(what, "CLIENT", fault)
                    : unreachable(what, e);
        } catch (TimeoutException e) {
            coming.thenAccept(ZdbSession::close);
            throw new StoreException(StoreException.Kind.UNREACHABLE, what,
                    "no answer that a store would give within " + StorePatience.text(patience.connect()),
                    "check that a 0-db or a Redis server listens on " + url.hostPort(), e);
        } catch (InterruptedException e) {
            coming.thenAccept(ZdbSession::close);
            throw interrupted(what, e);
        }
    }

    /** On a 0-db, AUTH knows the server's password and SELECT the namespace's; either may be the one given. */
    private void introduce(StatefulRedisConnection<byte[], byte[]> fresh) {
        boolean zdb = url.scheme().equals("zdb");
        Optional<String> refusal = url.password().flatMap(password -> say(fresh, CommandType.AUTH, password.expose()));
        if (zdb && (url.namespace().isPresent() || url.password().isPresent())) {
            List<String> words = new ArrayList<>(List.of(url.namespace().orElse(DEFAULT_NAMESPACE)));
            url.password().map(Secret::expose).ifPresent(words::add);
            refusal = say(fresh, CommandType.SELECT, words.toArray(String[]::new));
        } else if (refusal.isEmpty() && url.namespace().isPresent()) {
            refusal = say(fresh, CommandType.SELECT, url.namespace().get());
        }
        if (refusal.isPresent()) {
            throw new StoreException(StoreException.Kind.REFUSED, "open the store " + url, refusal.get(),
                    "check namespace and password in the store address");
        }
    }

    /** Sends a command and returns the server's refusal, if it refuses. */
    private Optional<String> say(StatefulRedisConnection<byte[], byte[]> fresh, CommandType type, String... words) {
        byte[][] arguments = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        AsyncCommand<byte[], byte[], byte[]> command = command(type, new ValueOutput<>(CODEC), arguments);
        String what = "open the store " + url;
        try {
            fresh.dispatch(command);
            answer(what, type.name(), command, fresh);
            return Optional.empty();
        } catch (RedisException e) {
            throw unreachable(what, e);
        } catch (StoreException e) {
            if (e.getCause() instanceof RedisCommandExecutionException) {
                return Optional.of(e.why());
            }
            throw e;
        }
    }

    private <I, T> void pipeline(String verb, List<I> items, Function<I, ChunkId> id,
            Function<I, AsyncCommand<byte[], byte[], T>> encode, BiConsumer<I, @Nullable T> answers) {
        List<AsyncCommand<byte[], byte[], T>> commands = new ArrayList<>(items.size());
        for (I item : items) {
            commands.add(encode.apply(item));
        }
        String whole = verb + " " + items.size() + " chunks (" + url + ")";
        StatefulRedisConnection<byte[], byte[]> used;
        try {
            used = connection();
            used.dispatch(commands);
        } catch (RedisException e) {
            throw unreachable(whole, e);
        }
        for (int i = 0; i < commands.size(); i++) {
            I item = items.get(i);
            answers.accept(item, answer(whole, "chunk " + id.apply(item), commands.get(i), used));
        }
    }

    private static StoreException interrupted(String what, Exception cause) {
        Thread.currentThread().interrupt();
        return new StoreException(StoreException.Kind.UNREACHABLE, what, "interrupted", "run the command again", cause);
    }

    private <T> @Nullable T answer(String what, String asked, AsyncCommand<byte[], byte[], T> command,
            StatefulRedisConnection<byte[], byte[]> used) {
        try {
            // Lettuce keeps what was under way when the connection broke for one that never comes: ask now and then.
            for (Duration left = patience.answer(); left.isPositive(); left = left.minus(LOOK)) {
                if (command.await(Math.min(left.toMillis(), LOOK.toMillis()), TimeUnit.MILLISECONDS)) {
                    return command.get();
                }
                if (!used.isOpen()) {
                    throw new StoreException(StoreException.Kind.UNREACHABLE, what, "the connection broke",
                            "check that a store listens on " + url.hostPort());
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof RedisCommandExecutionException refusal) {
                throw refused(what, refusal);
            }
            // Which answer belongs to which command is no longer known on this connection.
            dropConnection();
            if (cause instanceof ImpossibleAnswerException fault) {
                throw impossible(what, asked, fault);
            }
            throw cause instanceof RedisProtocolException || cause instanceof UnsupportedOperationException
                    ? incomprehensible(what, cause)
                    : unreachable(what, cause);
        } catch (InterruptedException | RedisCommandInterruptedException e) {
            throw interrupted(what, e);
        }
        dropConnection();
        throw new StoreException(StoreException.Kind.UNREACHABLE, what,
                "no answer within " + StorePatience.text(patience.answer()), "check that the store is alive",
                new TimeoutException());
    }

    /** Whether the connection was closed by others. */
    synchronized boolean isBroken() {
        return connection != null && !connection.isOpen();
    }

    /** How often the connection was made anew since this was asked last, because others had closed it. */
    int takeBreaks() {
        return breaks.getAndSet(0);
    }

    /** Closes the connection; the next command makes another one. */
    synchronized void dropConnection() {
        if (connection != null) {
            close(connection);
            connection = null;
        }
    }

    private static void close(StatefulRedisConnection<byte[], byte[]> connection) {
        // Also when the channel is closed already: only this completes the commands that still wait.
        connection.closeAsync();
    }

    private static StoreException refused(String what, RedisCommandExecutionException refusal) {
        String why = refusal.getMessage() == null ? "no reason given" : refusal.getMessage();
        String hint = why.contains("No space") || why.contains("maxmemory")
                ? "make room in the store or use another namespace"
                : "check the store's namespace, password and limits";
        return new StoreException(StoreException.Kind.REFUSED, what, why, hint, refusal);
    }

    /** Asking again would give the same, so this counts as a refusal; what else waits on the connection waits in vain. */
    private StoreException incomprehensible(String what, Throwable cause) {
        dropConnection();
        return new StoreException(StoreException.Kind.REFUSED, what, "the answer is not one that a store gives", HINT,
                cause);
    }

    private static StoreException impossible(String what, String asked, ImpossibleAnswerException fault) {
        return new StoreException(StoreException.Kind.REFUSED, what,
                "the answer for " + asked + " " + fault.getMessage(), HINT, fault);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private StoreException unreachable(String what, Throwable cause) {
        Throwable root = root(cause);
        String text = root.getMessage() == null ? "the connection broke" : root.getMessage();
        String why = text.startsWith("Connection refused") ? "connection refused by " + url.hostPort() : text;
        return new StoreException(StoreException.Kind.UNREACHABLE, what, why,
                "check that a store listens on " + url.hostPort() + ", or name another one", cause);
    }

    private static <T> AsyncCommand<byte[], byte[], T> command(ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output, byte[]... arguments) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(CODEC);
        for (byte[] argument : arguments) {
            args.add(argument);
        }
        return new AsyncCommand<>(new Command<>(type, output, args));
    }
}
