package zship.localnode.resp;

/** How a request can break the protocol. */
public sealed interface ProtocolFault {

    /** An array of no, a negative number of, or too many elements. */
    record ArrayLength(long length) implements ProtocolFault {
    }

    /** An array element that is not a bulk string; {@code type} is its first character. */
    record ElementType(char type) implements ProtocolFault {
    }

    /** A bulk string without a length or with one over the limit. */
    record BulkLength(long length) implements ProtocolFault {
    }

    /** Anything else, such as a length that is not a number. */
    record Syntax(String text) implements ProtocolFault {
    }
}
