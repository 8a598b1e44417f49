package zship.flist.chunk;

/** One encoded piece of content: where it belongs, what deciphers it, and the bytes to store. */
public final class Chunk {
    private final Block block;
    private final int plainLength;
    private final byte[] stored;

    Chunk(Block block, int plainLength, byte[] stored) {
        this.block = block;
        this.plainLength = plainLength;
        this.stored = stored;
    }

    /** Id and key, as an flist keeps them. */
    public Block block() {
        return block;
    }

    /** The name in the store. */
    public ChunkId id() {
        return block.id();
    }

    /** Bytes before compression. */
    public int plainLength() {
        return plainLength;
    }

    /** The bytes to store. Not a copy: chunks are handed on, never changed. */
    public byte[] stored() {
        return stored;
    }

    @Override
    public String toString() {
        return "Chunk[" + block.id() + ", " + plainLength + " -> " + stored.length + " bytes]";
    }
}
