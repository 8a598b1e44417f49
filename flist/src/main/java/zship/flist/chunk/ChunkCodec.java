package zship.flist.chunk;

import java.io.IOException;
import java.util.Arrays;

import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/**
 * Turns pieces of file contents into chunks and back, as zflist and g8ufs do: key = BLAKE2b-128 of the piece, Snappy raw block,
 * XXTEA with that key, id = BLAKE2b-128 of the result.
 *
 * <p>A codec keeps scratch buffers for speed and serves one thread at a time. The id depends on the very bytes the Snappy
 * library produces; see the pinned version in the parent POM.
 */
public final class ChunkCodec {
    /** Bytes in every piece of a file but the last. */
    public static final int PIECE_SIZE = 512 * 1024;

    /** The largest value a 0-db takes, in bytes. */
    public static final int MAX_STORED = 8 * 1024 * 1024;

    /** The largest piece that is decoded, in bytes; nothing real comes near, and it bounds what a hostile chunk costs. */
    public static final int MAX_PIECE = 64 * 1024 * 1024;

    private byte[] bytes = new byte[0];
    private int[] words = new int[0];

    /** The number of pieces of a file of {@code size} bytes. */
    public static long pieceCount(long size) {
        return Math.ceilDiv(size, (long) PIECE_SIZE);
    }

    /** The key of a piece, which identifies its plain content. */
    public static ChunkKey keyOf(byte[] plain, int offset, int length) {
        return ChunkKey.of(Blake2b.hash128(plain, offset, length));
    }

    /** The id under which {@code stored} must be kept. */
    public static ChunkId idOf(byte[] stored) {
        return ChunkId.of(Blake2b.hash128(stored));
    }

    /** Encodes the piece {@code plain}. */
    public Chunk encode(byte[] plain) {
        return encode(plain, 0, plain.length, keyOf(plain, 0, plain.length));
    }

    /**
     * Encodes {@code length} bytes of {@code plain} from {@code offset}.
     *
     * @param key their key, from {@link #keyOf}
     */
    public Chunk encode(byte[] plain, int offset, int length, ChunkKey key) {
        reserve(Snappy.maxCompressedLength(length));
        int compressed = compress(plain, offset, length);
        byte[] stored = Xxtea.encrypt(bytes, compressed, key.bytes(), words);
        return new Chunk(new Block(idOf(stored), key), length, stored);
    }

    /**
     * Decodes and proves a chunk.
     *
     * @param block the id and key it must have
     * @param stored the bytes a store returned for that id
     * @param maxLength the most plain bytes that are acceptable
     * @throws CorruptChunkException when id or key do not match the bytes
     */
    public byte[] decode(Block block, byte[] stored, int maxLength) throws CorruptChunkException {
        ChunkId actual = idOf(stored);
        if (!actual.equals(block.id())) {
            throw new CorruptChunkException("the " + stored.length + " bytes stored there hash to " + actual);
        }
        reserve(stored.length);
        int compressed = Xxtea.decrypt(stored, block.key().bytes(), bytes, words);
        byte[] plain = uncompress(compressed, Math.min(maxLength, MAX_PIECE));
        if (!keyOf(plain, 0, plain.length).equals(block.key())) {
            throw new CorruptChunkException("the plain content does not hash to its key " + block.key());
        }
        return plain;
    }

    private int compress(byte[] plain, int offset, int length) {
        try {
            return Snappy.compress(plain, offset, length, bytes, 0);
        } catch (IOException e) {
            throw new IllegalStateException("Snappy refused to compress " + length + " bytes", e);
        }
    }

    private byte[] uncompress(int compressed, int maxLength) throws CorruptChunkException {
        try {
            int length = Snappy.uncompressedLength(bytes, 0, compressed);
            if (length < 0 || length > maxLength) {
                throw new CorruptChunkException(
                        "it promises " + Integer.toUnsignedString(length) + " plain bytes, at most " + maxLength
                                + " can be");
            }
            byte[] plain = new byte[length];
            int made = Snappy.uncompress(bytes, 0, compressed, plain, 0);
            return made == length ? plain : Arrays.copyOf(plain, made);
        } catch (CorruptChunkException e) {
            throw e;
        } catch (IOException | SnappyError e) {
            throw new CorruptChunkException("its content is not a Snappy block");
        }
    }

    private void reserve(int length) {
        int needed = Xxtea.encryptedLength(length);
        if (bytes.length < needed) {
            bytes = new byte[needed];
            words = new int[needed / 4];
        }
    }
}
