package zship.localnode.resp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** One answer of the Redis protocol, version 2. */
public sealed interface Reply {

    /** The status {@code +OK}. */
    Reply OK = new Status("OK");

    /** The null bulk string {@code $-1}, the only null that the node's protocol has. */
    Reply NULL = new Null();

    /** A status line such as {@code +PONG}. */
    record Status(String text) implements Reply {
    }

    /** An error line; {@code text} is without the leading minus sign. */
    record Error(String text) implements Reply {
    }

    /** An error after which the server closes the connection. */
    record Fatal(String text) implements Reply {
    }

    /** An integer. */
    record Int(long value) implements Reply {
    }

    /** A bulk string; the array is not copied and must not change. */
    record Bulk(byte[] value) implements Reply {
    }

    /** A bulk string or null inside an array, made when its turn to be sent comes. */
    record Later(Supplier<Reply> reply) implements Reply {
    }

    /** An array of replies. */
    record Array(List<Reply> items) implements Reply {
        /** Copies the list. */
        public Array {
            items = List.copyOf(items);
        }
    }

    /** See {@link #NULL}. */
    record Null() implements Reply {
    }

    /** A bulk string of UTF-8 text. */
    static Reply bulk(String text) {
        return new Bulk(text.getBytes(StandardCharsets.UTF_8));
    }
}
