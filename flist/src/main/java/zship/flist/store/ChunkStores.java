package zship.flist.store;

/** Opens the store behind an address. */
public final class ChunkStores {
    private ChunkStores() {
    }

    /**
     * Opens a store. Servers are contacted at once, so that a wrong address or password shows here.
     *
     * @throws StoreException when the store cannot be reached or refuses
     */
    public static ChunkStore open(StoreUrl url) {
        return switch (url) {
            case StoreUrl.Server server -> ZdbStore.connect(server);
            case StoreUrl.Folder folder -> DirectoryStore.open(folder);
        };
    }
}
