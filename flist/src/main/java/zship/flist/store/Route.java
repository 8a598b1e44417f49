package zship.flist.store;

/**
 * Where a pool keeps a part of all chunks.
 *
 * @param range which ids
 * @param server where they are
 */
public record Route(KeyRange range, StoreUrl.Server server) {
}
