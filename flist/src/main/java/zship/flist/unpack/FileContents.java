package zship.flist.unpack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

import zship.flist.FileEntry;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
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
     * @throws zship.flist.FlistException naming chunk and file when a chunk is missing or altered
     * @throws IOException when {@code out} fails
     */
    public void copy(TreePath path, FileEntry file, OutputStream out) throws IOException {
        OutputFile source = OutputFile.of(file, path, Path.of("/"));
        ChunkCodec codec = new ChunkCodec();
        List<Block> blocks = file.blocks();
        for (int from = 0; from < blocks.size(); from += AHEAD) {
            int to = Math.min(blocks.size(), from + AHEAD);
            List<ChunkId> ids = blocks.subList(from, to).stream().map(Block::id).distinct().toList();
            var chunks = store.getAll(ids);
            for (int i = from; i < to; i++) {
                out.write(ContentWriter.decode(new ContentWriter.Piece(source, i), chunks, codec, store));
            }
        }
    }
}
