package zship.flist.hub;

import java.io.Serial;
import java.util.List;

import zship.flist.chunk.ChunkId;

/** A hub that could not be reached or refused. Its texts never hold a token. */
public final class HubException extends RuntimeException {
    /** What sort of failure it is. */
    public enum Kind {
        /** Nobody answers, or the connection broke. */
        UNREACHABLE,
        /** The hub wants a token, or does not take this one. */
        UNAUTHORIZED,
        /** The hub's store does not have all chunks of the flist. */
        CHUNKS_MISSING,
        /** There is no such flist or user. */
        NOT_FOUND,
        /** The hub said no for another reason, or what it published is not what was sent. */
        REFUSED,
        /** The address or a name is wrong. */
        USAGE
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String what;
    private final String why;
    private final String hint;
    private final transient List<ChunkId> chunks;

    /** A failure of {@code kind}. */
    public HubException(Kind kind, String what, String why, String hint) {
        super(what + ": " + why);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
        this.chunks = List.of();
    }

    /** A hub's store lacks {@code chunks}, which are none where the hub does not name them. */
    HubException(String what, String why, String hint, List<ChunkId> chunks) {
        super(what + ": " + why);
        this.kind = Kind.CHUNKS_MISSING;
        this.what = what;
        this.why = why;
        this.hint = hint;
        this.chunks = List.copyOf(chunks);
    }

    /** A failure of {@code kind}, keeping the technical cause for debugging. */
    public HubException(Kind kind, String what, String why, String hint, Throwable cause) {
        super(what + ": " + why, cause);
        this.kind = kind;
        this.what = what;
        this.why = why;
        this.hint = hint;
        this.chunks = List.of();
    }

    /** The sort of failure. */
    public Kind kind() {
        return kind;
    }

    /** What was tried, with its value. */
    public String what() {
        return what;
    }

    /** Why it failed, as reported. */
    public String why() {
        return why;
    }

    /** The next thing to do. */
    public String hint() {
        return hint;
    }

    /** The chunks that the hub's store lacks, as far as the hub named them. */
    public List<ChunkId> chunks() {
        return chunks;
    }
}
