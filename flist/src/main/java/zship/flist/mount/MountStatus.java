package zship.flist.mount;

/**
 * How much of a mounted flist is on this machine.
 *
 * @param chunks distinct chunks of the flist
 * @param present those that are here, fetched now or earlier
 * @param bytes plain bytes of all of them
 * @param presentBytes plain bytes of those that are here
 * @param fetched chunks that came from the store since the mount was made
 * @param fetchedBytes bytes of these as the store has them
 */
public record MountStatus(int chunks, int present, long bytes, long presentBytes, long fetched, long fetchedBytes) {
}
