package zship.flist.hub;

/**
 * What a hub read in an flist.
 *
 * @param files regular files
 * @param links symbolic links
 * @param directories directories
 * @param special devices, pipes and sockets
 * @param bytes of all regular files
 */
public record HubTree(long files, long links, long directories, long special, long bytes) {
}
