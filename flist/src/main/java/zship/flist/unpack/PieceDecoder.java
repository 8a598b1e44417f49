package zship.flist.unpack;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import zship.flist.FlistException;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkCodec.Outcome;
import zship.flist.chunk.ChunkCodec.Stored;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.CodecPool;
import zship.flist.chunk.CorruptChunkException;
import zship.flist.chunk.Slice;
import zship.flist.store.ChunkStore;

/** Fetches pieces, verifies and decodes them: several at once, on as many threads as there are processors. */
final class PieceDecoder implements AutoCloseable {
    /** Bytes to decode together while that happens one by one. */
    private static final long SMALL_BATCH = 2 << 20;
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

    /** What is done with the plain contents of pieces, by their blocks, while they last. */
    @FunctionalInterface
    interface Use<E extends Exception> {
        /** Does it. */
        void with(Map<Block, Slice> contents) throws E;
    }

    /**
     * Hands the plain contents of pieces to {@code use}; those that repeat are fetched and decoded once. What follows may overwrite
     * them.
     *
     * @throws FlistException naming the piece whose chunk is missing, altered or of another length
     * @throws zship.flist.store.StoreException when the store fails
     */
    <E extends Exception> void fetch(List<Piece> pieces, Use<E> use) throws E {
        Map<ChunkId, byte[]> chunks = store
                .getAll(pieces.stream().map(piece -> piece.block().id()).distinct().toList());
        Map<Block, Piece> wanted = new LinkedHashMap<>();
        pieces.forEach(piece -> wanted.merge(piece.block(), piece, (a, b) -> a.length() < b.length() ? b : a));
        List<Piece> distinct = List.copyOf(wanted.values());
        List<Stored> stored = distinct.stream()
                .map(piece -> new Stored(piece.block(), stored(piece, chunks), piece.length())).toList();
        try (CodecPool.Turn turn = codecs.take()) {
            Map<Block, Slice> contents = new HashMap<>();
            List<Outcome> outcomes = turn.codec().decode(stored);
            for (int i = 0; i < outcomes.size(); i++) {
                contents.put(distinct.get(i).block(), content(distinct.get(i), outcomes.get(i), chunks));
            }
            for (Piece piece : pieces) {
                requireLength(piece, Objects.requireNonNull(contents.get(piece.block())).length());
            }
            use.with(contents);
        }
    }

    private Slice content(Piece piece, Outcome outcome, Map<ChunkId, byte[]> chunks) {
        return switch (outcome) {
            case Outcome.Sound(Slice plain) -> plain;
            case Outcome.Corrupt corrupt -> throw unusable(piece, stored(piece, chunks));
        };
    }

    /** Decoding the chunk alone tells whether it is damaged or only longer than the flist says. */
    private FlistException unusable(Piece piece, byte[] stored) {
        try {
            return misfit(piece,
                    new ChunkCodec().decode(piece.block(), stored, piece.file().entry().pieceSize()).length);
        } catch (CorruptChunkException e) {
            return new FlistException(FlistException.Kind.CHUNK_ALTERED, what(piece),
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

    private static void requireLength(Piece piece, int length) {
        if (length != piece.length()) {
            throw misfit(piece, length);
        }
    }

    private static FlistException misfit(Piece piece, int length) {
        return new FlistException(FlistException.Kind.DAMAGED, what(piece),
                "it holds " + length + " bytes, but " + piece.length() + " belong there", "pack the flist again");
    }

    private static String what(Piece piece) {
        return "read piece " + (piece.index() + 1) + " of " + piece.file().path() + ", chunk " + piece.block().id();
    }
}
