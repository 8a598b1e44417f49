package zship.localnode.hub;

import java.util.Optional;

import zship.flist.store.StoreUrl;

/**
 * What a hub allows.
 *
 * @param readOnly nothing may be changed
 * @param changesByGet link, rename, promote and tag also work as GET, as zflist's {@code hub} commands send them; a page
 *     or a prefetcher could then change something
 * @param largestFlist bytes
 * @param largestArchive bytes, as it is sent
 * @param largestContent bytes of all files of an archive together
 * @param publicStore where others find the chunks; written into flists that are made of archives
 */
public record HubRules(boolean readOnly, boolean changesByGet, long largestFlist, long largestArchive,
        long largestContent, Optional<StoreUrl.Server> publicStore) {

    /** The namespace is named even where it is the usual one, as others' readers want it. */
    public HubRules {
        publicStore = publicStore.map(store -> new StoreUrl.Server(store.scheme(), store.host(), store.port(),
                Optional.of(store.namespace().orElse("default")), Optional.empty()));
    }

    /** Changes by POST and DELETE only, flists up to 256 MiB, archives up to 16 GiB and 64 GiB of content. */
    public static final HubRules DEFAULT = new HubRules(false, false, 256L << 20, 16L << 30,
            64L << 30, Optional.empty());

    /** These rules for a hub that changes nothing. */
    public HubRules withReadOnly(boolean value) {
        return new HubRules(value, changesByGet, largestFlist, largestArchive, largestContent, publicStore);
    }

    /** These rules with changes by GET allowed or not. */
    public HubRules withChangesByGet(boolean value) {
        return new HubRules(readOnly, value, largestFlist, largestArchive, largestContent, publicStore);
    }

    /** These rules with other limits, bytes. */
    public HubRules withLimits(long flist, long archive, long content) {
        return new HubRules(readOnly, changesByGet, flist, archive, content, publicStore);
    }

    /** These rules with the store that others see. */
    public HubRules withPublicStore(StoreUrl.Server store) {
        return new HubRules(readOnly, changesByGet, largestFlist, largestArchive, largestContent,
                Optional.of(store));
    }
}
