package zship.localnode.resp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.redis.FixedRedisMessagePool;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.RedisEncoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;

import zship.localnode.process.LoopbackPeers;

/** A server for the Redis protocol, version 2. Connections do not wait for each other. */
public final class RespServer implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup loops;
    private final Channel listener;
    private final ChannelGroup connections;

    /** Turns a client away when too many are here, in the words of Redis. */
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Replies.encode(new Reply.Fatal("ERR max number of clients reached")))
                    .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object piece) {
            ReferenceCountUtil.release(piece);
        }
    }

    private RespServer(MultiThreadIoEventLoopGroup loops, Channel listener, ChannelGroup connections) {
        this.loops = loops;
        this.listener = listener;
        this.connections = connections;
    }

    /**
     * Listens, without TLS.
     *
     * @see #start(int, RespLimits, Optional, Supplier)
     */
    public static RespServer start(int port, RespLimits limits, Supplier<Session> sessions) throws IOException {
        return start(port, limits, Optional.empty(), sessions);
    }

    /**
     * Listens.
     *
     * @param  port        port on 127.0.0.1; 0 for any free one
     * @param  limits      bounds on requests
     * @param  tls         key and certificate; empty to talk in the clear
     * @param  sessions    makes what answers one connection
     * @throws IOException when the port cannot be had; a BindException when it is taken
     */
    public static RespServer start(int port, RespLimits limits, Optional<SslContext> tls, Supplier<Session> sessions)
            throws IOException {
        return start(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), limits, tls, sessions);
    }

    /**
     * Listens on an address. On 127.0.0.1 only root and the user of this process get in, elsewhere everybody does.
     *
     * @param  address     where; port 0 for any free one
     * @param  limits      bounds on requests
     * @param  tls         key and certificate; empty to talk in the clear
     * @param  sessions    makes what answers one connection
     * @throws IOException when the address cannot be had; a BindException when it is taken or not of this machine
     */
    public static RespServer start(InetSocketAddress address, RespLimits limits, Optional<SslContext> tls,
            Supplier<Session> sessions) throws IOException {
        boolean ownUserOnly = address.getAddress().isLoopbackAddress();
        LoopbackPeers peers = new LoopbackPeers();
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true).option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
                        connections.add(channel);
                        if (connections.size() > limits.connections()) {
                            channel.pipeline().addLast(new RedisEncoder(), new Refusal());
                            return;
                        }
                        channel.pipeline().addLast(
                                new RedisDecoder(limits.inlineBytes(), FixedRedisMessagePool.INSTANCE, true),
                                new RedisEncoder(),
                                new RespConnection(sessions.get(), limits, peers, ownUserOnly));
                    }
                });
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw bound.cause() instanceof BindException taken
                    ? taken
                    : new IOException("cannot listen on " + address.getAddress().getHostAddress() + ":"
                            + address.getPort() + ": " + bound.cause().getMessage(),
                            bound.cause());
        }
        return new RespServer(loops, bound.channel(), connections);
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Stops listening and drops all connections. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        // An event loop that shuts down leaves some of its connections open, and who asks there would wait for nobody.
        connections.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
