package zship.flist;

/**
 * Who owns an entry and what may be done with it.
 *
 * @param user the user's name, or the decimal id where no name is known
 * @param group the group's name, or the decimal id where no name is known
 * @param mode the twelve permission bits: {@code rwxrwxrwx} with set-user-id, set-group-id and sticky, 0 to 07777
 * @param uid the user's number, or {@link #UNKNOWN} in flists made before July 2020
 * @param gid the group's number, or {@link #UNKNOWN} in flists made before July 2020
 */
public record Permissions(String user, String group, int mode, long uid, long gid) {
    /** Stands for a number that the flist does not hold. */
    public static final long UNKNOWN = -1;

    /** {@code root:root}, mode 0755. */
    public static final Permissions ROOT_DIRECTORY = new Permissions("root", "root", 0755, 0, 0);

    private static final int MODE_BITS = 07777;
    private static final long MAX_ID = 0xffff_ffffL;

    /** Checks the ranges. */
    public Permissions {
        if ((mode & ~MODE_BITS) != 0) {
            throw new IllegalArgumentException("mode 0%o is not within 0 to 07777".formatted(mode));
        }
        if (uid < UNKNOWN || uid > MAX_ID || gid < UNKNOWN || gid > MAX_ID) {
            throw new IllegalArgumentException("owner " + uid + ":" + gid + " is not within 0 to " + MAX_ID);
        }
    }

    /** Owned by the numbers {@code uid} and {@code gid}, which also serve as names. */
    public static Permissions of(long uid, long gid, int mode) {
        return new Permissions(Long.toString(uid), Long.toString(gid), mode, uid, gid);
    }

    /** The same owners with other permission bits. */
    public Permissions withMode(int other) {
        return new Permissions(user, group, other, uid, gid);
    }

    /** The permission bits as {@code ls} shows them, without the type letter: {@code rwxr-xr-x}. */
    public String modeText() {
        char[] text = "rwxrwxrwx".toCharArray();
        for (int i = 0; i < text.length; i++) {
            if ((mode & (0400 >> i)) == 0) {
                text[i] = '-';
            }
        }
        overlay(text, 2, 04000, 's');
        overlay(text, 5, 02000, 's');
        overlay(text, 8, 01000, 't');
        return new String(text);
    }

    private void overlay(char[] text, int place, int bit, char letter) {
        if ((mode & bit) != 0) {
            text[place] = text[place] == '-' ? Character.toUpperCase(letter) : letter;
        }
    }
}
