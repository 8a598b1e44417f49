package zship.flist;

/**
 * What every entry carries besides its name and content.
 *
 * @param permissions owners and permission bits
 * @param modified modification time in seconds since 1970, 0 to 2<sup>32</sup>-1
 * @param created creation time in seconds since 1970, 0 to 2<sup>32</sup>-1; the tools of old stored the change time here
 */
public record Attributes(Permissions permissions, long modified, long created) {
    /** The largest time an flist can hold: 2106-02-07T06:28:15Z. */
    public static final long MAX_TIME = 0xffff_ffffL;

    /** Checks the ranges. */
    public Attributes {
        if (modified != clampTime(modified) || created != clampTime(created)) {
            throw new IllegalArgumentException("times " + modified + " and " + created + " are not within 0 to 2^32-1");
        }
    }

    /** The nearest time an flist can hold; the field is an unsigned 32-bit number of seconds. */
    public static long clampTime(long epochSeconds) {
        return Math.clamp(epochSeconds, 0L, MAX_TIME);
    }

    /** The same with other permissions. */
    public Attributes withPermissions(Permissions other) {
        return new Attributes(other, modified, created);
    }
}
