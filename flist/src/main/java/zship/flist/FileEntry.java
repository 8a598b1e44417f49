package zship.flist;

import java.util.List;

import zship.flist.chunk.Block;
import zship.flist.chunk.Blocks;

/**
 * A regular file.
 *
 * @param name the name in its directory
 * @param attributes owners, permission bits and times
 * @param size bytes
 * @param pieceSize bytes per piece of content (the last one is shorter), a multiple of 4096
 * @param blocks the pieces in file order; empty for an empty file
 */
public record FileEntry(Name name, Attributes attributes, long size, int pieceSize, List<Block> blocks)
        implements
            Entry {
    /** Keeps its own copy of the list. */
    public FileEntry {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " of file '" + name + "' is negative");
        }
        blocks = Blocks.of(blocks);
    }

    @Override
    public FileEntry withName(Name other) {
        return new FileEntry(other, attributes, size, pieceSize, blocks);
    }

    @Override
    public FileEntry withAttributes(Attributes other) {
        return new FileEntry(name, other, size, pieceSize, blocks);
    }
}
