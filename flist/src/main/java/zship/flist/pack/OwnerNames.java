package zship.flist.pack;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import zship.flist.TreePath;

/**
 * Names of users and groups, from the packed root's own {@code /etc/passwd} and {@code /etc/group}; where these do not know a
 * number, the number in decimal. The names of the machine that packs never matter.
 */
final class OwnerNames {
    /** Where a root names its users. */
    static final TreePath PASSWD = TreePath.of("etc/passwd");
    /** Where a root names its groups. */
    static final TreePath GROUP = TreePath.of("etc/group");

    private final Map<Long, String> users = new HashMap<>();
    private final Map<Long, String> groups = new HashMap<>();

    /** Takes the lines {@code name:password:uid:...} of a passwd file, in the place of an earlier one. */
    void readPasswd(byte[] content) {
        users.clear();
        read(content, users);
    }

    /** Takes the lines {@code name:password:gid:...} of a group file, in the place of an earlier one. */
    void readGroup(byte[] content) {
        groups.clear();
        read(content, groups);
    }

    String user(long uid) {
        return users.getOrDefault(uid, Long.toString(uid));
    }

    String group(long gid) {
        return groups.getOrDefault(gid, Long.toString(gid));
    }

    private static void read(byte[] content, Map<Long, String> names) {
        new String(content, StandardCharsets.UTF_8).lines().forEach(line -> {
            String[] fields = line.split(":", -1);
            boolean usable = fields.length >= 3 && !fields[0].isEmpty() && fields[2].matches("\\d{1,10}");
            if (usable) {
                names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
            }
        });
    }
}
