package zship.flist.unpack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import zship.flist.FileEntry;
import zship.flist.TreePath;
import zship.flist.chunk.Slice;
import zship.flist.store.ChunkStore;

/** Reads single files out of an flist. */
public final class FileContents {
    private static final int AHEAD = 8;

    private final ChunkStore store;

    /** Takes chunks from {@code store}, which stays open. */
    public FileContents(ChunkStore store) {
        this.store = store;
    }

    /**
     * Writes the exact content of {@code file} to {@code out}, piece by piece, each verified before any byte of it is written.
     *
     * @param path where the file is, for messages
     * @return how many bytes there were; less than the size when the flist lacks pieces, a fault of some old tools
     * @throws zship.flist.FlistException naming chunk and file when a chunk is missing or altered
     * @throws IOException when {@code out} fails
     */
    public long copy(TreePath path, FileEntry file, OutputStream out) throws IOException {
        OutputFile source = OutputFile.of(file, path, Path.of("/"));
        try (PieceDecoder decoder = new PieceDecoder(store, source.available())) {
            for (int from = 0; from < source.pieces(); from += AHEAD) {
                int to = Math.min(source.pieces(), from + AHEAD);
                List<Piece> pieces = IntStream.range(from, to).mapToObj(i -> new Piece(source, i)).toList();
                decoder.<IOException>fetch(pieces, contents -> {
                    for (Piece piece : pieces) {
                        Slice plain = Objects.requireNonNull(contents.get(piece.block()));
                        out.write(plain.array(), plain.offset(), plain.length());
                    }
                });
            }
        }
        return source.available();
    }
}
