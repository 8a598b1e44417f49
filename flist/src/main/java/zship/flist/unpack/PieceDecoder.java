package zship.flist.unpack;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkCodec.Outcome;
import zship.flist.chunk.ChunkCodec.Stored;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.CodecPool;
import zship.flist.chunk.CorruptChunkException;
import zship.flist.store.ChunkStore;

/** Fetches pieces, verifies and decodes them: several at once, on as many threads as there are processors. */
final class PieceDecoder implements AutoCloseable {
    /** Bytes to decode together while that happens one by one. */
    private static final long SMALL_BATCH = 4 << 20;
    /** Bytes that keep all lanes of vectors busy. */
    private static final long LARGE_BATCH = 8 << 20;

    private final ChunkStore store;
    private final CodecPool codecs;

    /**
     * Decodes what {@code store} returns.
     *
     * @param bytes of all contents that are to come
     */
    PieceDecoder(ChunkStore store, long bytes) {
        this.store = store;
        this.codecs = new CodecPool(bytes);
    }

    /** Ends the search for the fastest way. */
    @Override
    public void close() {
        codecs.close();
    }

    /** How many plain bytes are best fetched together. */
    long batchBytes() {
        return codecs.prefersMany() ? LARGE_BATCH : SMALL_BATCH;
    }

    /**
     * The plain contents of pieces by their blocks; those that repeat are fetched and decoded once.
     *
     * @throws FlistException naming the piece whose chunk is missing, altered or of another length
     * @throws zship.flist.store.StoreException when the store fails
     */
    Map<Block, byte[]> fetch(List<Piece> pieces) {
        return decode(pieces, store.getAll(pieces.stream().map(piece -> piece.block().id()).distinct().toList()));
    }

    private Map<Block, byte[]> decode(List<Piece> pieces, Map<ChunkId, byte[]> chunks) {
        Map<Block, Piece> wanted = new LinkedHashMap<>();
        pieces.forEach(piece -> wanted.merge(piece.block(), piece, (a, b) -> a.length() < b.length() ? b : a));
        List<Piece> distinct = List.copyOf(wanted.values());
        List<Stored> stored = distinct.stream()
                .map(piece -> new Stored(piece.block(), stored(piece, chunks), piece.length())).toList();
        Map<Block, byte[]> contents = codecs.use(codec -> {
            Map<Block, byte[]> decoded = new HashMap<>();
            List<Outcome> outcomes = codec.decode(stored);
            for (int i = 0; i < outcomes.size(); i++) {
                decoded.put(distinct.get(i).block(), content(distinct.get(i), outcomes.get(i), chunks, codec));
            }
            return decoded;
        });
        for (Piece piece : pieces) {
            requireLength(piece, contents.getOrDefault(piece.block(), new byte[0]));
        }
        return contents;
    }

    private byte[] content(Piece piece, Outcome outcome, Map<ChunkId, byte[]> chunks, ChunkCodec codec) {
        // Decoding it alone tells whether the chunk is damaged or only longer than the flist says.
        return outcome instanceof Outcome.Sound(byte[] plain) ? plain : decode(piece, chunks, codec);
    }

    private byte[] decode(Piece piece, Map<ChunkId, byte[]> chunks, ChunkCodec codec) {
        try {
            byte[] plain = codec.decode(piece.block(), stored(piece, chunks), piece.file().entry().pieceSize());
            requireLength(piece, plain);
            return plain;
        } catch (CorruptChunkException e) {
            throw new FlistException(FlistException.Kind.CHUNK_ALTERED, what(piece),
                    "the store " + store.url() + " returned an altered chunk: " + e.getMessage(),
                    "pack the tree again with overwriting, which replaces altered chunks", e);
        }
    }

    private byte[] stored(Piece piece, Map<ChunkId, byte[]> chunks) {
        byte[] stored = chunks.get(piece.block().id());
        if (stored == null) {
            throw new FlistException(FlistException.Kind.CHUNK_MISSING, what(piece),
                    "it is not in the store " + store.url(),
                    "pack the tree again to this store, or name the store that has it");
        }
        return stored;
    }

    private static void requireLength(Piece piece, byte[] plain) {
        if (plain.length != piece.length()) {
            throw new FlistException(FlistException.Kind.DAMAGED, what(piece),
                    "it holds " + plain.length + " bytes, but " + piece.length() + " belong there",
                    "pack the flist again");
        }
    }

    private static String what(Piece piece) {
        return "read piece " + (piece.index() + 1) + " of " + piece.file().path() + ", chunk " + piece.block().id();
    }
}
