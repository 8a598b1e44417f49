package zship.flist.hub;

import java.nio.file.Path;
import java.util.Optional;

import zship.flist.Secret;

/** Talks to one hub as one user. */
public final class HubClient {
    private final HubUrl hub;
    private final Optional<Secret> token;

    /** A client of {@code hub}; without a token only a hub that asks for none accepts uploads. */
    public HubClient(HubUrl hub, Optional<Secret> token) {
        this.hub = hub;
        this.token = token;
    }

    /**
     * Uploads an flist whose chunks the hub's store has, reads it back and compares, then moves the link.
     *
     * @param flist the file
     * @param versionedName under which it stays, for example {@code icecast-2.4.4.flist}
     * @param linkName the link that is moved to it, for example {@code icecast.flist}
     * @throws HubException when the hub cannot be reached, refuses, or serves something else afterwards
     */
    public PublishedFlist publish(Path flist, String versionedName, String linkName) {
        throw new UnsupportedOperationException(hub + " " + token + flist + versionedName + linkName);
    }
}
