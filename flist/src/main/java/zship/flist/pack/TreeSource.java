package zship.flist.pack;

/** Something that can be packed: it fills a {@link DraftTree}, handing file contents to a {@link ChunkPipeline}. */
interface TreeSource {
    /**
     * Reads the whole source once.
     *
     * @throws zship.flist.FlistException when it cannot be read
     */
    void read(DraftTree tree, ChunkPipeline pipeline);
}
