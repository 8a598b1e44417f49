package zship.localnode.hub;

import java.util.Optional;

import zship.flist.store.StoreUrl;

/**
 * What a hub allows.
 *
 * @param readOnly nothing may be changed
 * @param changesByGet link, rename, promote and tag also work as GET, as zflist's {@code hub} commands send them; a prefetcher
 *     could then change something
 * @param limits of what is sent
 * @param publicStore where others find the chunks; written into flists that are made of archives
 */
public record HubRules(boolean readOnly, boolean changesByGet, HubLimits limits,
        Optional<StoreUrl.Server> publicStore) {

    /** The namespace is named even where it is the usual one, as others' readers want it. */
    public HubRules {
        publicStore = publicStore.map(store -> new StoreUrl.Server(store.scheme(), store.host(), store.port(),
                Optional.of(store.namespace().orElse("default")), Optional.empty()));
    }

    /** Changes by POST and DELETE only, and the usual limits. */
    public static final HubRules DEFAULT = new HubRules(false, false, HubLimits.DEFAULT, Optional.empty());

    /** These rules for a hub that changes nothing. */
    public HubRules withReadOnly(boolean value) {
        return new HubRules(value, changesByGet, limits, publicStore);
    }

    /** These rules with changes by GET allowed or not. */
    public HubRules withChangesByGet(boolean value) {
        return new HubRules(readOnly, value, limits, publicStore);
    }

    /** These rules with other limits. */
    public HubRules withLimits(HubLimits value) {
        return new HubRules(readOnly, changesByGet, value, publicStore);
    }

    /** These rules with the store that others see. */
    public HubRules withPublicStore(StoreUrl.Server store) {
        return new HubRules(readOnly, changesByGet, limits, Optional.of(store));
    }
}
