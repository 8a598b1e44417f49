package zship.flist.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import zship.flist.Permissions;

/**
 * Finds the numbers of owners. Flists made before July 2020 have only names: these are looked up in the unpacked root's own
 * {@code /etc/passwd} and {@code /etc/group}; decimal names are numbers; other unknown names give 1000, as nodes do it.
 */
public final class OwnerNumbers {
    private static final int UNKNOWN_OWNER = 1000;
    private static final long MAX_FILE = 1 << 20;

    private final Map<String, Integer> users;
    private final Map<String, Integer> groups;

    private OwnerNumbers(Map<String, Integer> users, Map<String, Integer> groups) {
        this.users = users;
        this.groups = groups;
    }

    /** Those of an unpacked root. */
    static OwnerNumbers of(Path root) throws IOException {
        return new OwnerNumbers(read(root, "passwd"), read(root, "group"));
    }

    /** Those that the texts of {@code /etc/passwd} and {@code /etc/group} give; either may be empty. */
    public static OwnerNumbers of(String passwd, String group) {
        return new OwnerNumbers(parse(passwd), parse(group));
    }

    /** Whether numbers can be told without looking a name up. */
    public static boolean areKnown(Permissions permissions) {
        return isKnown(permissions.uid(), permissions.user()) && isKnown(permissions.gid(), permissions.group());
    }

    private static boolean isKnown(long number, String name) {
        return number != Permissions.UNKNOWN || name.equals("root") || name.matches("\\d{1,10}");
    }

    /** The owner's number. */
    public int uid(Permissions permissions) {
        return number(permissions.uid(), permissions.user(), users);
    }

    /** The group's number. */
    public int gid(Permissions permissions) {
        return number(permissions.gid(), permissions.group(), groups);
    }

    private static int number(long number, String name, Map<String, Integer> known) {
        if (number != Permissions.UNKNOWN) {
            return (int) number;
        }
        if (name.matches("\\d{1,10}")) {
            return (int) Long.parseLong(name);
        }
        return known.getOrDefault(name, name.equals("root") ? 0 : UNKNOWN_OWNER);
    }

    private static Map<String, Integer> read(Path root, String name) throws IOException {
        Path etc = root.resolve("etc");
        Path file = etc.resolve(name);
        boolean usable = Files.isDirectory(etc, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_FILE;
        return usable ? parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)) : Map.of();
    }

    private static Map<String, Integer> parse(String text) {
        Map<String, Integer> numbers = new HashMap<>();
        text.lines().forEach(line -> {
            String[] fields = line.split(":", -1);
            if (fields.length >= 3 && fields[2].matches("\\d{1,9}")) {
                numbers.putIfAbsent(fields[0], Integer.parseInt(fields[2]));
            }
        });
        return numbers;
    }
}
