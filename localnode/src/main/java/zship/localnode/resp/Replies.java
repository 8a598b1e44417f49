package zship.localnode.resp;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.redis.ArrayRedisMessage;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.RedisMessage;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;

/** Replies as the codec's messages. */
final class Replies {

    private Replies() {
    }

    static RedisMessage encode(Reply reply) {
        return switch (reply) {
            case Reply.Status status -> new SimpleStringRedisMessage(oneLine(status.text()));
            case Reply.Error error -> new ErrorRedisMessage(oneLine(error.text()));
            case Reply.Fatal fatal -> new ErrorRedisMessage(oneLine(fatal.text()));
            case Reply.Int number -> new IntegerRedisMessage(number.value());
            case Reply.Bulk bulk -> new FullBulkStringRedisMessage(Unpooled.wrappedBuffer(bulk.value()));
            case Reply.Null nothing -> FullBulkStringRedisMessage.NULL_INSTANCE;
            case Reply.Later later -> encode(later.reply().get());
            case Reply.Array array -> new ArrayRedisMessage(array.items().stream().map(Replies::encode).toList());
        };
    }

    /** A line break inside a status or an error would end it early and shift all later replies. */
    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
