package zship.flist.store;

import java.time.Duration;

import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisReactiveCommandsImpl;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.event.Event;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A Redis client that starts in a fraction of the time: its connections have the asynchronous commands and {@code dispatch} only,
 * and nobody is told what happens to them. The other commands are a proxy with hundreds of methods for each connection, which
 * takes longer to make than most of our commands take altogether.
 */
public final class LeanRedisClient extends RedisClient {

    private static final int THREADS = 2;

    /** A client for {@code uri}, which is to be closed with {@link #shutdown()} before its {@code resources}. */
    public LeanRedisClient(ClientResources resources, RedisURI uri) {
        super(resources, uri);
    }

    /** Few threads, no measurements, no events. */
    public static ClientResources resources() {
        return lean().build();
    }

    /** The same, with {@code customizer} told about every new connection before it is used. */
    static ClientResources resources(NettyCustomizer customizer) {
        return lean().nettyCustomizer(customizer).build();
    }

    private static DefaultClientResources.Builder lean() {
        return DefaultClientResources.builder().ioThreadPoolSize(THREADS).computationThreadPoolSize(THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled()).eventBus(new Silence());
    }

    private static final class Silence implements EventBus {
        @Override
        public Flux<Event> get() {
            return Flux.empty();
        }

        @Override
        public void publish(Event event) {
            // Nobody listens.
        }
    }

    @Override
    protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(RedisChannelWriter writer,
            PushHandler pushHandler, RedisCodec<K, V> codec, Duration timeout) {
        return new Connection<>(writer, pushHandler, codec, timeout);
    }

    private static final class Connection<K, V> extends StatefulRedisConnectionImpl<K, V> {
        Connection(RedisChannelWriter writer, PushHandler pushHandler, RedisCodec<K, V> codec, Duration timeout) {
            super(writer, pushHandler, codec, timeout);
        }

        @Override
        protected @Nullable RedisCommands<K, V> newRedisSyncCommandsImpl() {
            return null;
        }

        @Override
        protected @Nullable RedisReactiveCommandsImpl<K, V> newRedisReactiveCommandsImpl() {
            return null;
        }
    }
}
