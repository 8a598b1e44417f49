package zship.flist.chunk;

/**
 * What an flist keeps of one piece of a file.
 *
 * @param id where the piece is in a store
 * @param key what deciphers it and proves the plain bytes
 */
public record Block(ChunkId id, ChunkKey key) {
}
