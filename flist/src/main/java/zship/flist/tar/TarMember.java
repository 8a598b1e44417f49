package zship.flist.tar;

/**
 * The header of one member of a tar archive. Names are bytes as the archive has them; nothing is resolved or checked.
 *
 * @param name path bytes, without the trailing slash of directories
 * @param type what it is
 * @param size bytes of content that follow
 * @param mode the twelve permission bits
 * @param uid owner's number
 * @param gid group's number
 * @param user owner's name as the archive has it, possibly empty
 * @param group group's name as the archive has it, possibly empty
 * @param modified seconds since 1970, fractions dropped downwards
 * @param linkTarget bytes of a link's target, else empty
 * @param major device number
 * @param minor device number
 */
public record TarMember(byte[] name, Type type, long size, int mode, long uid, long gid, String user, String group,
        long modified, byte[] linkTarget, long major, long minor) {
    /** What a member is. */
    public enum Type {
        /** A regular file. */
        FILE,
        /** Another name of an earlier regular file. */
        HARD_LINK,
        /** A symbolic link. */
        SYMBOLIC_LINK,
        /** A character device. */
        CHARACTER_DEVICE,
        /** A block device. */
        BLOCK_DEVICE,
        /** A directory. */
        DIRECTORY,
        /** A named pipe. */
        FIFO
    }
}
