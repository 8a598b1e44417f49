package zship.localnode.container;

/**
 * How much of a mounted root is on this machine.
 *
 * @param chunks distinct chunks of the flist
 * @param present those that are here
 * @param bytes plain bytes of all of them
 * @param presentBytes plain bytes of those that are here
 * @param fetched chunks that came from the store since the root was mounted
 * @param fetchedBytes bytes of these as stored
 */
record MountState(int chunks, int present, long bytes, long presentBytes, long fetched, long fetchedBytes) {
}
