package zship.flist.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import zship.flist.disk.DiskFaults;

/** Opens the store behind an address. */
public final class ChunkStores {
    private static final int MAX_TABLE = 1 << 20;

    private ChunkStores() {
    }

    /**
     * Opens a store without telling about faulty replicas.
     *
     * @throws StoreException when the store cannot be reached or refuses
     * @see #open(StoreUrl, ReplicaFault.Listener)
     */
    public static ChunkStore open(StoreUrl url) {
        return open(url, ReplicaFault.Listener.none());
    }

    /**
     * Opens a store. A single server is contacted at once, so that a wrong address or password shows here; those of a routing
     * table when they are needed first.
     *
     * @param listener told about replicas that fail while another one is asked
     * @throws StoreException when the store cannot be reached or refuses, or the routing table is wrong
     */
    public static ChunkStore open(StoreUrl url, ReplicaFault.Listener listener) {
        return open(url, listener, StorePatience.USUAL);
    }

    /**
     * Opens a store like {@link #open(StoreUrl, ReplicaFault.Listener)}, with how long to wait for its servers.
     *
     * @throws StoreException when the store cannot be reached or refuses, or the routing table is wrong
     */
    public static ChunkStore open(StoreUrl url, ReplicaFault.Listener listener, StorePatience patience) {
        return switch (url) {
            case StoreUrl.Server server -> ZdbStore.connect(server, patience);
            case StoreUrl.Folder folder -> DirectoryStore.open(folder);
            case StoreUrl.Table table -> RoutedStore.of(router(table.file()), table, listener, patience);
        };
    }

    /**
     * Opens a store like {@link #open(StoreUrl, ReplicaFault.Listener, StorePatience)}, for reading: a directory that does not
     * exist is not created, since what is looked for cannot be there.
     *
     * @throws StoreException when there is no such store, it cannot be reached or refuses, or the routing table is wrong
     */
    public static ChunkStore openExisting(StoreUrl url, ReplicaFault.Listener listener, StorePatience patience) {
        return url instanceof StoreUrl.Folder folder
                ? DirectoryStore.existing(folder)
                : open(url, listener, patience);
    }

    /**
     * The store in which a node looks for the chunks of an flist, opened when it is first needed: where the flist's own routing
     * table says, then in the storage of the container, as g8ufs does.
     *
     * @param table the flist's {@code router.yaml}, if it has one
     * @param origin where the flist is, for messages
     * @param storage of the container; one that is not a server is used alone
     * @param listener told about replicas that fail while another one is asked
     * @throws StoreException when the table is wrong
     */
    public static DeferredStore ofFlist(Optional<String> table, Path origin, StoreUrl storage,
            ReplicaFault.Listener listener) {
        if (table.isPresent() && storage instanceof StoreUrl.Server last) {
            StoreUrl.Table url = new StoreUrl.Table(origin.toAbsolutePath().resolve("router.yaml"));
            Router router = ofFlist(table.get(), url, listener).followedBy(last);
            return DeferredStore.of(url, () -> RoutedStore.of(router, url, listener));
        }
        return DeferredStore.of(storage, () -> openExisting(storage, listener, StorePatience.USUAL));
    }

    /**
     * The servers of the routing table in an flist. As nodes do it, a pool that is not in the table is skipped; it is reported
     * like a server that does not answer.
     *
     * @param url where the table is, for messages
     * @param listener told about replicas that fail while another one is asked
     * @throws StoreException when the table is wrong
     */
    public static ChunkStore openTable(String text, StoreUrl.Table url, ReplicaFault.Listener listener,
            StorePatience patience) {
        return RoutedStore.of(ofFlist(text, url, listener), url, listener, patience);
    }

    private static Router ofFlist(String text, StoreUrl.Table url, ReplicaFault.Listener listener) {
        return Router.ofFlist(text, url.file().toString(),
                why -> listener.on(new ReplicaFault(url, Optional.empty(), why + ": it is skipped")));
    }

    /**
     * The routing table in {@code file}.
     *
     * @throws StoreException of kind USAGE when it cannot be read or is wrong
     */
    public static Router router(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_TABLE + 1);
            return Router.of(new String(bytes, StandardCharsets.UTF_8), file.toString());
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.USAGE, "read the routing table " + file, DiskFaults.reason(e),
                    "check that the file exists and is readable", e);
        }
    }
}
