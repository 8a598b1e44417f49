package zship.flist.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;
import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;

/**
 * Puts an flist on a hub so that it is known to be there: uploads it under a name that holds its version, looks at what the hub
 * says of it, reads it back, and only then moves the link that people use. Nobody ever reads a half file by that link.
 */
public final class HubPublisher {
    private static final int SHOWN = 3;

    private final HubClient hub;
    private final ChunkSupply chunks;
    private final HubProgress progress;

    /**
     * A publisher.
     *
     * @param hub where to
     * @param chunks what to do when the hub's store lacks some
     * @param progress told how far the upload is
     */
    public HubPublisher(HubClient hub, ChunkSupply chunks, HubProgress progress) {
        this.hub = hub;
        this.chunks = chunks;
        this.progress = progress;
    }

    /** An flist before it is sent. */
    private record Sent(Path file, HubTree tree, long size, String md5, String sha256) {
        static Sent of(Path file) {
            Flist flist = Flist.open(file);
            String what = "read " + file;
            try {
                return new Sent(file, HubTree.of(flist), Files.size(file),
                        HubDownloads.digest(what, "MD5", () -> Files.newInputStream(file)),
                        HubDownloads.digest(what, "SHA-256", () -> Files.newInputStream(file)));
            } catch (IOException e) {
                throw new HubException(Kind.USAGE, what, DiskFaults.reason(e), "zship pack makes one", e);
            }
        }
    }

    /**
     * Publishes an flist whose chunks the hub's store should have.
     *
     * @param flist the file
     * @param versionedName under which it stays, for example {@code icecast-2.4.4-1a2b3c4d.flist}
     * @param linkName the link that is moved to it, for example {@code icecast.flist}
     * @throws HubException when the hub cannot be reached, refuses, or serves something else afterwards
     * @throws zship.flist.FlistException when the file is no flist
     */
    public PublishedFlist publish(Path flist, String versionedName, String linkName) {
        String version = HubNames.flist(versionedName);
        String link = HubNames.flist(linkName);
        Sent sent = Sent.of(flist);
        String user = hub.user();
        URI url = hub.hub().flist(user, version);
        send(sent, version, url);
        proveInfo("publish " + url, sent, hub.info(user, version));
        HubTree listed = hub.tree(user, version);
        if (!listed.agrees(sent.tree())) {
            throw new HubException(Kind.REFUSED, "publish " + url,
                    "the hub lists " + listed + ", and " + sent.tree() + " were sent",
                    "publish again, and check who else writes under this name");
        }
        requireEqual("publish " + url, sent.sha256(), hub.served(url));
        hub.move(version, link);
        URI linkUrl = hub.hub().flist(user, link);
        requireEqual("publish " + linkUrl, sent.sha256(), hub.served(linkUrl));
        return new PublishedFlist(url, linkUrl, sent.sha256());
    }

    /** Sends it; once more after sending chunks that were missing. */
    private void send(Sent sent, String version, URI url) {
        try {
            hub.upload(sent.file(), version, progress);
        } catch (HubException refused) {
            if (refused.kind() == Kind.UNREACHABLE && arrived(sent, url)) {
                return;
            }
            if (refused.kind() != Kind.CHUNKS_MISSING) {
                throw refused;
            }
            supply(sent.file(), refused);
            hub.upload(sent.file(), version, progress);
        }
    }

    /** Whether an upload whose answer was lost is there: only its own bytes prove that. */
    private boolean arrived(Sent sent, URI url) {
        try {
            return hub.served(url).equals(sent.sha256());
        } catch (HubException gone) {
            return false;
        }
    }

    private void supply(Path file, HubException refused) {
        Flist flist = Flist.open(file);
        ChunkSupply.Sent again = chunks.send(flist, Set.copyOf(refused.chunks()));
        if (!again.lost().isEmpty()) {
            throw new HubException(refused.what(), refused.why() + ". Nobody has " + described(flist, again.lost()),
                    "pack the root again: zship pack ROOT -o FILE --store URL --repack",
                    again.lost().stream().sorted().toList());
        }
        if (again.sent() == 0) {
            String which = refused.chunks().isEmpty()
                    ? ""
                    : ". It lacks " + described(flist, Set.copyOf(refused.chunks()));
            throw new HubException(refused.what(), refused.why() + which, refused.hint(), refused.chunks());
        }
    }

    /** Chunks with the files that need them. */
    private static String described(Flist flist, Set<ChunkId> ids) {
        Set<String> paths = new TreeSet<>();
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file && file.blocks().stream().map(Block::id).anyMatch(ids::contains)) {
                paths.add(path.toString());
            }
        });
        return ids.size() + " chunks of " + String.join(", ", paths.stream().limit(SHOWN).toList())
                + (paths.size() > SHOWN ? " and " + (paths.size() - SHOWN) + " more files" : "");
    }

    private static void proveInfo(String what, Sent sent, HubEntry info) {
        if (!info.size().equals(Long.toString(sent.size())) || !info.md5().equals(Optional.of(sent.md5()))) {
            throw new HubException(Kind.REFUSED, what,
                    "the hub has %s bytes with MD5 %s, and %d with %s were sent".formatted(info.size(),
                            info.md5().orElse("none"), sent.size(), sent.md5()),
                    "publish again, and check who else writes under this name");
        }
    }

    private static void requireEqual(String what, String sent, String served) {
        if (!sent.equals(served)) {
            throw new HubException(Kind.REFUSED, what,
                    "the hub serves other bytes (SHA-256 " + served + ") than were sent (" + sent + ")",
                    "publish again, and check who else writes under this name");
        }
    }
}
