package zship.localnode.hub;

import java.time.Duration;

/**
 * What a client may send, and how long it may take.
 *
 * @param flist bytes of an flist
 * @param archive bytes of an archive, as it is sent
 * @param content bytes of all files of an archive together
 * @param idle how long a client may neither send nor take anything in the middle of a request; its connection is closed then
 */
public record HubLimits(long flist, long archive, long content, Duration idle) {
    /** Flists up to 256 MiB, archives up to 16 GiB and 64 GiB of content, a minute of silence. */
    public static final HubLimits DEFAULT = new HubLimits(256L << 20, 16L << 30, 64L << 30, Duration.ofMinutes(1));

    /** These limits with other sizes, bytes. */
    public HubLimits withSizes(long largestFlist, long largestArchive, long largestContent) {
        return new HubLimits(largestFlist, largestArchive, largestContent, idle);
    }

    /** These limits with another patience. */
    public HubLimits withIdle(Duration value) {
        return new HubLimits(flist, archive, content, value);
    }
}
