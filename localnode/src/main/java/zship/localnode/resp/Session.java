package zship.localnode.resp;

import java.util.List;

/** What a server does for one connection. Called by one thread at a time, in the order of the requests. */
public interface Session {

    /**
     * Answers one request.
     *
     * @param  request              command name and arguments, at least one element
     * @throws InterruptedException when the connection closed while the command waited
     */
    Reply answer(List<byte[]> request) throws InterruptedException;

    /** Answers a request sent as one line of text instead of an array. */
    Reply inline(String line) throws InterruptedException;

    /** The words for a request that breaks the protocol; the connection is closed after it unless it survives. */
    Reply.Fatal malformed(ProtocolFault fault);

    /**
     * Whether the connection stays open after such a request. It is useless then: everything that comes gets the same error.
     */
    default boolean survives(ProtocolFault fault) {
        return false;
    }
}
