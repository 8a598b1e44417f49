package zship.flist.pack;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Permissions;
import zship.flist.SpecialEntry;
import zship.flist.TreePath;
import zship.flist.pack.PackEvent.Loss;

/** Counts what an flist or a node cannot carry, and reports each sort once. Facts measured on g8ufs of 2019 and later. */
public final class Losses {
    private static final int LARGE_DIRECTORY = 10_000;
    private static final int SPECIAL_BITS = 07000;
    private static final int READ_OR_RUN = 05;

    private record Tally(int count, String example) {
        Tally plusOne() {
            return new Tally(count + 1, example);
        }
    }

    private final Map<Loss, Tally> tallies = new EnumMap<>(Loss.class);

    /** None yet. */
    Losses() {
    }

    /** What nodes drop of {@code after} that they did not drop of {@code before}, entry by entry. */
    public static Losses between(Directory before, Directory after) {
        Losses losses = new Losses();
        losses.compare(TreePath.ROOT, before, after);
        return losses;
    }

    /** Counts what nodes drop of a directory's entries, but not of what is in these, and of the root itself. */
    void add(TreePath path, Attributes attributes, List<Entry> entries) {
        if (path.isRoot()) {
            compare(() -> path, null, Directory.root(attributes, List.of()));
        }
        if (entries.size() > LARGE_DIRECTORY) {
            count(Loss.LARGE_DIRECTORIES, () -> path);
        }
        for (Entry entry : entries) {
            compare(() -> path.resolve(entry.name()), null, entry);
        }
    }

    /** Counts a time that an flist cannot hold. */
    void addTime(long modified, Supplier<TreePath> path) {
        if (modified != Attributes.clampTime(modified)) {
            count(Loss.TIMES, path);
        }
    }

    /** Tells {@code events} about each sort once. */
    public void report(PackEvents events) {
        tallies.forEach((loss, tally) -> events.on(new PackEvent.Warned(loss, tally.count, tally.example)));
    }

    private void compare(TreePath path, @Nullable Entry before, Entry after) {
        // What an edit does not change is shared, so whole branches are the same.
        if (before == after) {
            return;
        }
        compare(() -> path, before, after);
        if (after instanceof Directory directory) {
            Directory old = before instanceof Directory same ? same : null;
            if (isLarge(directory) && !isLarge(old)) {
                count(Loss.LARGE_DIRECTORIES, () -> path);
            }
            for (Entry entry : directory.entries()) {
                compare(path.resolve(entry.name()), old == null ? null : old.find(entry.name()).orElse(null), entry);
            }
        }
    }

    /** Looks at an entry without what is in it. */
    private void compare(Supplier<TreePath> path, @Nullable Entry before, Entry after) {
        if (after instanceof SpecialEntry && !(before instanceof SpecialEntry)) {
            count(Loss.SPECIAL_FILES, path);
        }
        if ((specialBits(after) & ~specialBits(before)) != 0) {
            count(Loss.MODE_BITS, path);
        }
        if (hasOwnersRights(after) && !(before != null && hasOwnersRights(before))) {
            count(Loss.OWNERS, path);
        }
    }

    private static int specialBits(@Nullable Entry entry) {
        return entry == null ? 0 : entry.permissions().mode() & SPECIAL_BITS;
    }

    private static boolean hasOwnersRights(Entry entry) {
        Permissions permissions = entry.permissions();
        int others = permissions.mode() & READ_OR_RUN;
        int user = isRoot(permissions.uid(), permissions.user()) ? 0 : permissions.mode() >> 6 & READ_OR_RUN;
        int group = isRoot(permissions.gid(), permissions.group()) ? 0 : permissions.mode() >> 3 & READ_OR_RUN;
        return !(entry instanceof SpecialEntry) && ((user | group) & ~others) != 0;
    }

    private static boolean isRoot(long number, String name) {
        return number == 0 || number == Permissions.UNKNOWN && (name.equals("root") || name.equals("0"));
    }

    private static boolean isLarge(@Nullable Directory directory) {
        return directory != null && directory.entries().size() > LARGE_DIRECTORY;
    }

    private void count(Loss loss, Supplier<TreePath> path) {
        tallies.compute(loss, (key, old) -> old == null ? new Tally(1, path.get().toString()) : old.plusOne());
    }
}
