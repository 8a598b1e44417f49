package zship.flist.pack;

import java.util.EnumMap;
import java.util.Map;

import zship.flist.Attributes;
import zship.flist.TreePath;
import zship.flist.pack.PackEvent.Loss;

/** Counts what an flist or a node cannot carry, and reports each sort once. Facts measured on g8ufs of 2019 and later. */
final class Warnings {
    private static final int LARGE_DIRECTORY = 10_000;
    private static final int SPECIAL_BITS = 07000;

    private record Tally(int count, String example) {
        Tally plusOne() {
            return new Tally(count + 1, example);
        }
    }

    private final Map<Loss, Tally> tallies = new EnumMap<>(Loss.class);

    private Warnings() {
    }

    static void report(Draft.Folder root, PackEvents events) {
        Warnings warnings = new Warnings();
        warnings.look(TreePath.ROOT, root);
        warnings.tallies
                .forEach((loss, tally) -> events.on(new PackEvent.Warned(loss, tally.count, tally.example)));
    }

    private void look(TreePath path, Draft draft) {
        Draft.Facts facts = draft.facts();
        if (draft instanceof Draft.Node) {
            count(Loss.SPECIAL_FILES, path);
        }
        if ((facts.mode() & SPECIAL_BITS) != 0) {
            count(Loss.MODE_BITS, path);
        }
        if (facts.modified() != Attributes.clampTime(facts.modified())) {
            count(Loss.TIMES, path);
        }
        if (draft instanceof Draft.Folder folder) {
            if (folder.children().size() > LARGE_DIRECTORY) {
                count(Loss.LARGE_DIRECTORIES, path);
            }
            folder.children().forEach((name, below) -> look(path.resolve(name), below));
        }
    }

    private void count(Loss loss, TreePath path) {
        tallies.compute(loss, (key, old) -> old == null ? new Tally(1, path.toString()) : old.plusOne());
    }
}
