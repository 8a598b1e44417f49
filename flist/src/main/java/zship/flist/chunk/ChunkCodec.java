package zship.flist.chunk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    private final VectorTrial vectors;
    private final Scratch packed = new Scratch();
    private final Scratch plain = new Scratch();
    private Kernels kernels = new PlainKernels();

    /** A codec that goes the plain way. */
    public ChunkCodec() {
        this(new VectorTrial());
    }

    /** A codec that uses vectors once {@code vectors} has shown them to be faster. */
    public ChunkCodec(VectorTrial vectors) {
        this.vectors = vectors;
    }

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

    /** The keys of several pieces. */
    public List<ChunkKey> keysOf(List<Slice> pieces) {
        return Stream.of(kernels().hash128(pieces)).map(ChunkKey::of).toList();
    }

    /** Encodes the piece {@code plain}. */
    public Chunk encode(byte[] plain) {
        Slice piece = Slice.of(plain);
        return encode(List.of(piece), keysOf(List.of(piece))).getFirst();
    }

    /**
     * Encodes several pieces.
     *
     * @param keys theirs, from {@link #keysOf}
     */
    public List<Chunk> encode(List<Slice> pieces, List<ChunkKey> keys) {
        List<byte[]> keyBytes = keys.stream().map(ChunkKey::bytes).toList();
        packed.clear();
        byte[][] stored = kernels().encrypt(pieces.stream().map(this::compress).toList(), keyBytes);
        byte[][] ids = kernels().hash128(Slice.ofEach(stored));
        List<Chunk> chunks = new ArrayList<>(stored.length);
        for (int i = 0; i < stored.length; i++) {
            Block block = new Block(ChunkId.of(ids[i]), keys.get(i));
            chunks.add(new Chunk(block, pieces.get(i).length(), stored[i]));
        }
        return chunks;
    }

    /**
     * A chunk as a store returned it.
     *
     * @param block the id and key it must have
     * @param bytes what the store returned for that id
     * @param maxLength the most plain bytes that are acceptable
     */
    public record Stored(Block block, byte[] bytes, int maxLength) {
    }

    /** What a stored chunk turned out to be. */
    public sealed interface Outcome {
        /** Its plain content, which is the one that belongs to its key. The codec's next work overwrites it. */
        record Sound(Slice plain) implements Outcome {
        }

        /** It cannot be used, and why. */
        record Corrupt(String why) implements Outcome {
        }

        /** The same, for longer than until the codec's next work. */
        default Outcome kept() {
            return this instanceof Sound(Slice plain) ? new Sound(Slice.of(plain.copy())) : this;
        }
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
        return switch (decode(List.of(new Stored(block, stored, maxLength))).getFirst()) {
            case Outcome.Sound(Slice content) -> content.copy();
            case Outcome.Corrupt corrupt -> throw new CorruptChunkException(corrupt.why);
        };
    }

    /**
     * Decodes and proves several chunks; an outcome for each. Plain content is in memory that this codec's next work overwrites.
     */
    public List<Outcome> decode(List<Stored> chunks) {
        List<Slice> ciphers = chunks.stream().map(chunk -> Slice.of(chunk.bytes)).toList();
        byte[][] ids = kernels().hash128(ciphers);
        packed.clear();
        plain.clear();
        List<Slice> deciphered = ciphers.stream().map(cipher -> packed.take(cipher.length())).toList();
        int[] lengths = kernels().decrypt(ciphers, deciphered,
                chunks.stream().map(chunk -> chunk.block.key().bytes()).toList());
        List<Outcome> outcomes = new ArrayList<>(chunks.size());
        for (int i = 0; i < ids.length; i++) {
            outcomes.add(uncompressed(chunks.get(i), ChunkId.of(ids[i]), deciphered.get(i), lengths[i]));
        }
        return proven(chunks, outcomes);
    }

    private Outcome uncompressed(Stored chunk, ChunkId actual, Slice deciphered, int length) {
        if (!actual.equals(chunk.block.id())) {
            return new Outcome.Corrupt("the " + chunk.bytes.length + " bytes stored there hash to " + actual);
        }
        if (length < 0) {
            return new Outcome.Corrupt("the key does not decipher these " + chunk.bytes.length + " bytes");
        }
        try {
            Slice compressed = new Slice(deciphered.array(), deciphered.offset(), length);
            return new Outcome.Sound(uncompress(compressed, Math.min(chunk.maxLength, MAX_PIECE)));
        } catch (CorruptChunkException e) {
            return new Outcome.Corrupt(String.valueOf(e.getMessage()));
        }
    }

    /** Outcomes whose plain content does belong to its key. */
    private List<Outcome> proven(List<Stored> chunks, List<Outcome> outcomes) {
        List<Slice> contents = outcomes.stream()
                .map(outcome -> outcome instanceof Outcome.Sound(Slice content) ? content : Slice.of(new byte[0]))
                .toList();
        List<ChunkKey> keys = keysOf(contents);
        return IntStream.range(0, keys.size()).mapToObj(i -> {
            ChunkKey key = chunks.get(i).block.key();
            return outcomes.get(i) instanceof Outcome.Sound && !keys.get(i).equals(key)
                    ? new Outcome.Corrupt("the plain content does not hash to its key " + key)
                    : outcomes.get(i);
        }).toList();
    }

    private Kernels kernels() {
        if (kernels instanceof PlainKernels && vectors.isWon()) {
            kernels = new VectorKernels();
        }
        return kernels;
    }

    private Slice compress(Slice piece) {
        Slice room = packed.take(Snappy.maxCompressedLength(piece.length()));
        try {
            return packed.shorten(room,
                    Snappy.compress(piece.array(), piece.offset(), piece.length(), room.array(), room.offset()));
        } catch (IOException e) {
            throw new IllegalStateException("Snappy refused to compress " + piece.length() + " bytes", e);
        }
    }

    private Slice uncompress(Slice compressed, int maxLength) throws CorruptChunkException {
        byte[] bytes = compressed.array();
        try {
            int length = Snappy.uncompressedLength(bytes, compressed.offset(), compressed.length());
            if (length < 0 || length > maxLength) {
                throw new CorruptChunkException(
                        "it promises " + Integer.toUnsignedString(length) + " plain bytes, at most " + maxLength
                                + " can be");
            }
            Slice room = plain.take(length);
            return plain.shorten(room, Snappy.uncompress(bytes, compressed.offset(), compressed.length(), room.array(),
                    room.offset()));
        } catch (CorruptChunkException e) {
            throw e;
        } catch (IOException | SnappyError e) {
            throw new CorruptChunkException("its content is not a Snappy block");
        }
    }
}
