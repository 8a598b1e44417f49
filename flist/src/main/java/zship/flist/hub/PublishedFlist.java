package zship.flist.hub;

import java.net.URI;

/**
 * An flist as a hub serves it.
 *
 * @param url where nodes download it: the versioned name, whose content never changes
 * @param link the link that now points to it
 * @param sha256 of the bytes the hub serves, 64 hex digits
 */
public record PublishedFlist(URI url, URI link, String sha256) {
}
