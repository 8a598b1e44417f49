package zship.localnode.resp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringRedisContent;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.InlineCommandRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.LastBulkStringRedisContent;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import org.jspecify.annotations.Nullable;

/** Puts the decoder's pieces together to whole requests, within limits. Memory grows with bytes, not with announced lengths. */
final class RequestAssembler {

    /** What has been read: a request, a line, or the fault that ends the connection. */
    sealed interface Input {
        /** Bytes held. */
        int bytes();

        record Request(List<byte[]> elements, int bytes) implements Input {
        }

        record Line(String text) implements Input {
            @Override
            public int bytes() {
                return text.length();
            }
        }

        record Broken(ProtocolFault fault) implements Input {
            @Override
            public int bytes() {
                return 0;
            }
        }
    }

    private final RespLimits limits;
    private final Consumer<Input> sink;
    private List<byte[]> elements = List.of();
    private int missing;
    private int bytes;
    private @Nullable ByteArrayOutputStream bulk;

    RequestAssembler(RespLimits limits, Consumer<Input> sink) {
        this.limits = limits;
        this.sink = sink;
    }

    /** Takes one piece from the decoder; the caller releases it. */
    void add(RedisMessage piece) {
        if (piece instanceof ArrayHeaderRedisMessage header) {
            startArray(header.length());
        } else if (piece instanceof ArrayRedisMessage array) {
            startArray(array.isNull() ? -1 : array.children().size());
        } else if (piece instanceof BulkStringHeaderRedisMessage header) {
            startBulk(header.bulkStringLength());
        } else if (piece instanceof FullBulkStringRedisMessage full && full.isNull()) {
            broken(new ProtocolFault.BulkLength(-1));
        } else if (piece instanceof BulkStringRedisContent content) {
            addContent(content);
        } else if (piece instanceof InlineCommandRedisMessage line && missing == 0) {
            sink.accept(new Input.Line(line.content()));
        } else {
            broken(missing > 0
                    ? new ProtocolFault.ElementType(typeOf(piece))
                    : new ProtocolFault.Syntax("unexpected '" + typeOf(piece) + "'"));
        }
    }

    private void startArray(long length) {
        if (missing > 0) {
            broken(new ProtocolFault.ElementType('*'));
        } else if (length < 1 || length > limits.arguments()) {
            broken(new ProtocolFault.ArrayLength(length));
        } else {
            missing = (int) length;
            bytes = 0;
            elements = new ArrayList<>(Math.min(missing, 64));
        }
    }

    private void startBulk(int length) {
        if (missing == 0) {
            broken(new ProtocolFault.Syntax("unexpected '$'"));
        } else if (length < 0 || length > limits.bulkBytes() || bytes + length > limits.requestBytes()) {
            broken(new ProtocolFault.BulkLength(length));
        } else {
            bulk = new ByteArrayOutputStream(Math.min(length, 64 << 10));
            bytes += length;
        }
    }

    private void addContent(BulkStringRedisContent content) {
        if (content instanceof FullBulkStringRedisMessage) {
            startBulk(content.content().readableBytes());
        }
        ByteArrayOutputStream into = bulk;
        if (into == null) {
            return;
        }
        ByteBuf buffer = content.content();
        byte[] part = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), part);
        into.writeBytes(part);
        if (content instanceof LastBulkStringRedisContent || content instanceof FullBulkStringRedisMessage) {
            elements.add(into.toByteArray());
            bulk = null;
            if (--missing == 0) {
                sink.accept(new Input.Request(elements, bytes));
                elements = List.of();
            }
        }
    }

    private void broken(ProtocolFault fault) {
        missing = 0;
        bulk = null;
        sink.accept(new Input.Broken(fault));
    }

    private static char typeOf(RedisMessage piece) {
        return switch (piece) {
            case SimpleStringRedisMessage text -> '+';
            case ErrorRedisMessage error -> '-';
            case IntegerRedisMessage number -> ':';
            case InlineCommandRedisMessage line -> line.content().isEmpty() ? ' ' : line.content().charAt(0);
            default -> '?';
        };
    }
}
