package zship.localnode.resp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import zship.localnode.process.LoopbackPeers;

/**
 * One connection: the event loop collects requests, one virtual thread answers them in order. Replies leave when nothing
 * more is waiting, so a pipeline is answered as one batch. Reading stops while too much waits, answering stops while the
 * client does not read.
 */
final class RespConnection extends ChannelInboundHandlerAdapter {

    private final Session session;
    private final RespLimits limits;
    private final LoopbackPeers peers;
    private final RequestAssembler assembler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<RequestAssembler.Input> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private final boolean ownUserOnly;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    /** Whether this read brought something to a spoiled connection; used by the event loop only. */
    private boolean ignored;
    /** Whether the fault itself came in this read. */
    private boolean faulty;
    private final AtomicReference<RequestAssembler.Input.@Nullable Broken> spoiled = new AtomicReference<>();
    private @Nullable Thread worker;

    RespConnection(Session session, RespLimits limits, LoopbackPeers peers, boolean ownUserOnly) {
        this.session = session;
        this.peers = peers;
        this.ownUserOnly = ownUserOnly;
        this.limits = limits;
        this.assembler = new RequestAssembler(limits, this::enqueue);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        worker = Thread.ofVirtual().name("resp-" + channel.remoteAddress()).start(() -> work(channel));
    }

    /** Asked on the connection's own thread: the event loop must not wait for the kernel's table. */
    private boolean isTrusted(Channel channel) {
        return !ownUserOnly || channel.remoteAddress() instanceof InetSocketAddress peer
                && channel.localAddress() instanceof InetSocketAddress self && peers.isTrusted(peer, self);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object piece) {
        try {
            if (broken.get()) {
                ignored |= !faulty;
            } else {
                assembler.add((RedisMessage) piece);
                faulty = broken.get();
            }
        } finally {
            ReferenceCountUtil.release(piece);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        RequestAssembler.Input.Broken again = spoiled.get();
        if (ignored && again != null) {
            enqueue(again);
        }
        ignored = false;
        faulty = false;
        lock.lock();
        try {
            if (waitingBytes > limits.pendingBytes() || waiting.size() > limits.arguments()) {
                context.channel().config().setAutoRead(false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(RequestAssembler.Input input) {
        lock.lock();
        try {
            if (input instanceof RequestAssembler.Input.Broken fault) {
                broken.set(true);
                spoiled.set(session.survives(fault.fault()) ? fault : null);
            }
            waiting.add(input);
            waitingBytes += input.bytes();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lock.lock();
        try {
            closed.set(true);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread thread = worker;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            context.close();
        } else if (!broken.get()) {
            Throwable root = cause.getCause() == null ? cause : cause.getCause();
            enqueue(new RequestAssembler.Input.Broken(new ProtocolFault.Syntax(String.valueOf(root.getMessage()))));
        }
    }

    /** However the work ends, no connection stays open that nobody answers. */
    private void work(Channel channel) {
        boolean ending = false;
        try {
            answerAll(channel);
            ending = true;
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unexpected) {
            System.getLogger(RespConnection.class.getName()).log(System.Logger.Level.ERROR, "connection dropped",
                    unexpected);
        } finally {
            if (!ending) {
                channel.close();
            }
        }
    }

    /** Returns when the client has gone, or is going to be closed after the last answer. */
    private void answerAll(Channel channel) throws InterruptedException {
        if (!isTrusted(channel)) {
            if (!channel.isActive()) {
                return;
            }
            broken.set(true);
            channel.writeAndFlush(Replies.encode(new Reply.Fatal("ERR another user's node")))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        for (RequestAssembler.Input input = next(channel); input != null; input = next(channel)) {
            Reply reply = switch (input) {
                case RequestAssembler.Input.Request request -> session.answer(request.elements());
                case RequestAssembler.Input.Line line -> session.inline(line.text());
                case RequestAssembler.Input.Broken fault -> session.malformed(fault.fault());
            };
            boolean last = !(input instanceof RequestAssembler.Input.Broken fault
                    && session.survives(fault.fault()));
            if (reply instanceof Reply.Fatal && last) {
                channel.writeAndFlush(Replies.encode(reply)).addListener(ChannelFutureListener.CLOSE);
                return;
            }
            write(channel, reply);
        }
    }

    /** An array with parts that are made later goes part by part, each when the client has taken those before. */
    private void write(Channel channel, Reply reply) throws InterruptedException {
        if (!(reply instanceof Reply.Array array) || array.items().stream().noneMatch(Reply.Later.class::isInstance)) {
            channel.write(Replies.encode(reply), channel.voidPromise());
            return;
        }
        channel.write(new ArrayHeaderRedisMessage(array.items().size()), channel.voidPromise());
        for (Reply item : array.items()) {
            awaitWritable(channel);
            channel.write(Replies.encode(item), channel.voidPromise());
        }
    }

    private void awaitWritable(Channel channel) throws InterruptedException {
        if (channel.isWritable()) {
            return;
        }
        channel.flush();
        lock.lock();
        try {
            while (!closed.get() && !channel.isWritable()) {
                changed.await();
            }
            if (closed.get()) {
                throw new InterruptedException("the client has gone");
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next input; null when the client has gone. Sends what was written before it waits. */
    private RequestAssembler.@Nullable Input next(Channel channel) throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isEmpty() || !channel.isWritable()) {
                channel.flush();
            }
            while (!closed.get() && (waiting.isEmpty() || !channel.isWritable())) {
                changed.await();
            }
            if (closed.get()) {
                return null;
            }
            RequestAssembler.Input input = waiting.remove();
            waitingBytes -= input.bytes();
            if (waitingBytes < limits.pendingBytes() / 2 && !channel.config().isAutoRead()) {
                channel.config().setAutoRead(true);
            }
            return input;
        } finally {
            lock.unlock();
        }
    }
}
