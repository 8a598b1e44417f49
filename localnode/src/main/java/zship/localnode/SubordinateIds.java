package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import zship.localnode.process.Credentials;

/**
 * The ids that an ordinary user may give to others than himself in a user namespace: lines {@code user:first:count} of
 * {@code /etc/subuid} and {@code /etc/subgid} (subuid(5)).
 *
 * @param users  ranges of user ids
 * @param groups ranges of group ids
 */
record SubordinateIds(List<Range> users, List<Range> groups) {

    /** As many as there must be, so that every id up to nobody's, 65534, has its place. */
    static final long NEEDED = 65_534;

    private static final long USUAL_FIRST = 100_000;
    private static final long USUAL_COUNT = 65_536;

    /** Ids that follow one another. */
    record Range(long first, long count) {
    }

    /** Those of a user. */
    static SubordinateIds of(String name, int uid, Path subuid, Path subgid) {
        return new SubordinateIds(ranges(subuid, name, uid), ranges(subgid, name, uid));
    }

    boolean suffice() {
        return count(users) >= NEEDED && count(groups) >= NEEDED;
    }

    private static long count(List<Range> ranges) {
        return ranges.stream().mapToLong(Range::count).sum();
    }

    /** Arguments of newuidmap(1): root is the user, and what follows are his subordinates. */
    static List<String> userMap(Credentials user, SubordinateIds ids) {
        return map(user.uid(), ids.users);
    }

    /** Arguments of newgidmap(1). */
    static List<String> groupMap(Credentials user, SubordinateIds ids) {
        return map(user.gid(), ids.groups);
    }

    private static List<String> map(int own, List<Range> ranges) {
        List<String> map = new ArrayList<>(List.of("0", Integer.toString(own), "1"));
        long next = 1;
        for (Range range : ranges) {
            map.addAll(List.of(Long.toString(next), Long.toString(range.first()), Long.toString(range.count())));
            next += range.count();
        }
        return map;
    }

    /** The first of ids that nobody has been given yet. */
    static long firstFree(Path subuid, Path subgid) {
        long free = USUAL_FIRST;
        for (Path file : List.of(subuid, subgid)) {
            for (String[] fields : lines(file)) {
                free = Math.max(free, Long.parseLong(fields[1]) + Long.parseLong(fields[2]));
            }
        }
        return free;
    }

    /** The command that gives some to a user who has none. */
    static String remedy(String name, Path subuid, Path subgid) {
        long first = firstFree(subuid, subgid);
        String range = first + "-" + (first + USUAL_COUNT - 1);
        return "sudo usermod --add-subuids " + range + " --add-subgids " + range + " " + name;
    }

    private static List<Range> ranges(Path file, String name, int uid) {
        List<Range> ranges = new ArrayList<>();
        for (String[] fields : lines(file)) {
            if (fields[0].equals(name) || fields[0].equals(Integer.toString(uid))) {
                ranges.add(new Range(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        }
        return ranges;
    }

    private static List<String[]> lines(Path file) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.matches("[^:]+:\\d{1,10}:\\d{1,10}"))
                    .map(line -> line.split(":")).toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}
