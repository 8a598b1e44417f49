package zship.flist.unpack;

import zship.flist.chunk.Block;

/** One piece of one file; index 0 of an empty file only creates it. */
record Piece(OutputFile file, int index) {
    boolean hasContent() {
        return index < file.pieces();
    }

    Block block() {
        return file.entry().blocks().get(index);
    }

    /** The plain bytes that belong here. */
    int length() {
        return file.length(index);
    }

    /** Where in the file it begins. */
    long offset() {
        return file.offset(index);
    }
}
