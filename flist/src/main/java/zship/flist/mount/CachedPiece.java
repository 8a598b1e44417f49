package zship.flist.mount;

import java.lang.foreign.MemorySegment;

/** Plain bytes of one chunk in memory. They stay until everyone who holds them has closed. */
final class CachedPiece implements AutoCloseable {
    private final MemorySegment bytes;
    private final Holder holder;

    /** Counts who reads. */
    interface Holder {
        void hold();

        void release();
    }

    /** Takes over one hold. */
    CachedPiece(MemorySegment bytes, Holder holder) {
        this.bytes = bytes;
        this.holder = holder;
    }

    MemorySegment bytes() {
        return bytes;
    }

    int length() {
        return (int) bytes.byteSize();
    }

    /** The same bytes for another reader, who closes for himself. */
    CachedPiece share() {
        holder.hold();
        return new CachedPiece(bytes, holder);
    }

    @Override
    public void close() {
        holder.release();
    }
}
